/** Protects: the first thing that anybody runs. It ends well, and what it says was seen is there. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { command, testFolder } from '../builder/command.ts';

type Answer = {
  readonly clusters: readonly { readonly name: string; readonly server: string }[];
  readonly commits: readonly {
    readonly commit: string;
    readonly subject: string;
    readonly statuses: readonly { readonly context: string; readonly state: string; readonly text: string }[];
  }[];
  readonly cells: readonly {
    readonly app: string;
    readonly cluster: string;
    readonly commit: string;
    readonly state: string;
    readonly health: string;
  }[];
};

/** A folder that all temporary ones are made in meanwhile: others may play a demo at the same time. */
function ownTemporary(): Disposable & { readonly names: () => readonly string[] } {
  const folder = testFolder();
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder.path;
  return {
    names: () => readdirSync(folder.path),
    [Symbol.dispose]: () => {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
      folder[Symbol.dispose]();
    },
  };
}

/** On a machine of which others take the most, too. */
const timeout = 240_000;

test('demo: the whole story is seen, told on the commits, and leaves nothing behind', { timeout }, async () => {
  using temporary = ownTemporary();
  const { code, out, err } = await command(['demo', '--once', '-o', 'json']);
  equal(code, 0, err);
  const { clusters, commits, cells }: Answer = JSON.parse(out);
  deepEqual(
    clusters.map(({ name }) => name),
    ['eu-1', 'us-1', 'ap-1'],
  );
  deepEqual(
    cells.map(({ app, cluster, state, health }) => `${app}@${cluster} ${state} ${health}`),
    ['platform/base', 'shop/web'].flatMap((app) =>
      ['ap-1', 'eu-1', 'us-1'].map((cluster) => `${app}@${cluster} Synced Healthy`),
    ),
  );
  for (const { subject, statuses } of commits) {
    ok(statuses.length > 0, `nothing is told of "${subject}"`);
    // One that is overtaken before it was everywhere is no success.
    for (const { context, state, text } of statuses)
      ok(state === 'success' || text.startsWith('superseded'), `${context} of "${subject}" is ${state}: ${text}`);
  }
  equal(commits.length, 7);
  const story = err.split('\n').filter((line) => /^ *[✓✗!]/.test(line));
  const effects = [
    /eu-1 runs nginx:1.28, 1 of 1 ready/,
    /no pin yet/,
    /#1 asks to move production to [0-9a-f]{7}: http:\/\/127\.0\.0\.1:\d+\/team\/fleet\/pulls\/1/,
    /us-1 runs nginx:1.28, 3 of 3 ready/,
    /ap-1 runs nginx:1.28, 3 of 3 ready/,
    /eu-1, us-1 and ap-1 hold cluster-info/,
    /eu-1 runs nginx:1.29/,
    /us-1 and ap-1 still run nginx:1.28/,
    /#2 asks to move production to [0-9a-f]{7}/,
    /us-1 runs nginx:1.29, 3 of 3 ready/,
    /ap-1 runs nginx:1.29, 3 of 3 ready/,
    /ap-1 began when us-1 was well/,
    /us-1 runs nginx:1.29 again/,
    /it asks first: 3 of 9 cells would go/,
    /sale is gone from eu-1, us-1 and ap-1/,
    /! ap-1 loses its network/,
    /ap-1 does not answer/,
    /eu-1 and us-1 hold cluster-info \(oncall@/,
    /! ap-1 has its network back/,
    /ap-1 holds cluster-info \(oncall@/,
    /6 of 6 cells synced and healthy/,
    /7 of 7 commits have their last word/,
  ];
  equal(story.length, effects.length, err);
  for (const [index, effect] of effects.entries()) match(story[index] ?? '', effect);
  deepEqual(temporary.names(), []);
});

test('demo: runs until it is told to stop, and says where everything is', { timeout }, async () => {
  const stop = new AbortController();
  let seen = '';
  const onOut = (text: string): void => {
    seen += text;
    if (seen.includes('Ctrl-C')) stop.abort(new Error('SIGINT'));
  };
  const { code, out } = await command(['demo'], { signal: stop.signal, onOut });
  equal(code, 0);
  match(out, /git clone http:\/\/127\.0\.0\.1:\d+\/team\/fleet\.git/);
  for (const name of ['eu-1', 'us-1', 'ap-1']) match(out, new RegExp(`kubectl --kubeconfig \\S+/${name}\\.kubeconfig`));
  match(out, /landfall status --config \S+landfall\.yaml/);
});

test('demo: a port that is taken is said, with code 2, and nothing is left running', async () => {
  using temporary = ownTemporary();
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, out, err } = await command(['demo', '--once', '--port', String(port)]);
  server.close();
  deepEqual([code, out], [2, '']);
  match(err, /cannot listen on 127\.0\.0\.1:\d+/);
  deepEqual(temporary.names(), []);
});
