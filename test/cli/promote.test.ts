/** Protects: what a person does when a stage is to follow, with a forge and without one. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { serveForge } from '../../src/sandbox/forge/serve-forge.ts';
import { serveSandbox } from '../../src/sandbox/serve/serve-sandbox.ts';
import { command, testFolder } from '../builder/command.ts';
import { clusterManifests } from '../builder/fleet.ts';
import { type BuiltRepository, buildRepository, repositoryIn } from '../builder/git-repository.ts';
import { app, configMap, placement } from '../builder/manifest.ts';

const deps = { clock: systemClock, rng: systemRng };
const pinPath = 'promotions/shop/web/production.yaml';
const files = {
  ...clusterManifests(['a', 'b']),
  'web.yaml': `${app('web')}---\n${placement('web', [
    '{name: canary, clusterNames: [a]}',
    '{name: production, clusterNames: [b], revision: Pinned}',
  ])}`,
  'apps/web/web.yaml': configMap('web', '1'),
};

type World = {
  readonly repository: BuiltRepository;
  readonly run: (...argv: readonly string[]) => ReturnType<typeof command>;
  readonly promote: (...argv: readonly string[]) => Promise<{ readonly code: number; readonly answer: Answer }>;
};
type Answer = {
  readonly pullRequest?: { readonly number: number; readonly url: string; readonly state: string };
  readonly pin: { readonly path: string; readonly from: string | null; readonly revision: string | null };
  readonly message: string;
};

async function inWorld(hasForge: boolean, use: (world: World) => Promise<void>): Promise<void> {
  using folder = testFolder();
  const sandbox = await serveSandbox({ clusters: ['a', 'b'], dir: folder.path }, deps);
  const token = '0123456789abcdef';
  const forge = hasForge
    ? await serveForge({ root: join(folder.path, 'git'), project: 'team/fleet', token }, deps)
    : undefined;
  try {
    const repository =
      forge?.repository === undefined
        ? buildRepository(join(folder.path, 'bare'))
        : repositoryIn(forge.repository.folder);
    const url = forge?.repository?.url ?? repository.folder;
    const access = forge === undefined ? {} : { forge: { kind: 'gitea', tokenFile: 'token' } };
    folder.write({
      token,
      'landfall.yaml': JSON.stringify({ stateDir: 'state', repositories: [{ name: 'fleet', url, ...access }] }),
    });
    const run: World['run'] = (...argv) => command([...argv, '--config', join(folder.path, 'landfall.yaml')]);
    await use({
      repository,
      run,
      promote: async (...argv) => {
        const { code, out, err } = await run('promote', 'shop/web', '--to', 'production', '-o', 'json', ...argv);
        return { code, answer: JSON.parse(out === '' ? JSON.stringify({ message: err }) : out) };
      },
    });
  } finally {
    await forge?.close();
    await sandbox.close();
  }
}

test('promote: without a forge the pin is pushed, and only to what canary has shown', { timeout: 240_000 }, () =>
  inWorld(false, async ({ repository, run, promote }) => {
    const first = repository.commit(files);
    const early = await promote();
    equal(early.code, 1);
    match(early.answer.message, /stage canary is not there yet on a/);
    await run('apply', '--once', '--cluster', 'a', '--timeout', '60s');
    const { code, answer } = await promote();
    deepEqual([code, answer.pin], [0, { path: pinPath, from: null, revision: first }]);
    match(repository.git('show', `main:${pinPath}`), new RegExp(`revision: ${first}`));
    const again = await promote();
    deepEqual([again.code, again.answer.message], [0, 'its pin names what the stages before it run']);
    const second = repository.commit({ 'apps/web/web.yaml': configMap('web', '2') });
    const unproved = await run('promote', 'shop/web', '--to', 'production', '--revision', second);
    equal(unproved.code, 1);
    match(
      unproved.out,
      new RegExp(`^${pinPath}: ${first.slice(0, 12)} → ${second.slice(0, 12)}, not yet\n… Evidence: `),
    );
    match(repository.git('show', `main:${pinPath}`), new RegExp(`revision: ${first}`));
  }),
);

test('promote: with a forge it opens a pull request, and merges it when it is told to', { timeout: 240_000 }, () =>
  inWorld(true, async ({ repository, run, promote }) => {
    const first = repository.commit(files);
    await run('apply', '--once', '--cluster', 'a', '--timeout', '60s');
    const opened = await promote();
    equal(opened.code, 0, opened.answer.message);
    deepEqual([opened.answer.pullRequest?.number, opened.answer.pullRequest?.state], [1, 'open']);
    match(repository.git('show', `landfall/promote/shop/web/production:${pinPath}`), new RegExp(`revision: ${first}`));
    const again = await promote();
    equal(again.answer.pullRequest?.number, 1, again.answer.message);
    const merged = await promote('--merge');
    equal(merged.code, 0, merged.answer.message);
    match(merged.answer.message, /is merged$/);
    match(repository.git('show', `main:${pinPath}`), new RegExp(`revision: ${first}`));
  }),
);

const refused: readonly (readonly [readonly string[], number, RegExp])[] = [
  [['promote', 'web', '--to', 'production'], 2, /is no App: name it <namespace>\/<name>/],
  [['promote', 'shop/other', '--to', 'production'], 1, /there is no App shop\/other/],
  [['promote', 'shop/web', '--to', 'prod'], 1, /has no stage prod, only canary, production/],
  [['promote', 'shop/web', '--to', 'canary'], 2, /follows the branch head/],
];
test('promote: says what cannot be asked for', { timeout: 240_000 }, () =>
  inWorld(false, async ({ repository, run }) => {
    repository.commit(files);
    for (const [argv, code, why] of refused) {
      const ended = await run(...argv);
      equal(ended.code, code, ended.err);
      match(ended.err, why);
    }
  }),
);
