/** Protects: the guide to a folder for each environment comes true, step by step, on a fleet. */
import { equal, match } from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../src/edge/clock/clock.ts';
import { systemRng } from '../../src/edge/rng/rng.ts';
import { serveSandbox } from '../../src/sandbox/serve/serve-sandbox.ts';
import { command, testFolder } from '../builder/command.ts';
import { buildRepository } from '../builder/git-repository.ts';

const example = join(import.meta.dirname, '../../examples/environments');

test('environments: what staging runs is copied into production, and its comments stay', async () => {
  using folder = testFolder();
  const repository = join(folder.path, 'fleet');
  cpSync(example, repository, { recursive: true });
  const placement = join(repository, 'placements/staging.yaml');
  writeFileSync(placement, readFileSync(placement, 'utf8').replace(', soak: 30s', ''));
  const sandbox = await serveSandbox(
    {
      clusters: ['stage-1', 'eu-1', 'us-1'],
      dir: join(folder.path, 'kubeconfigs'),
      settings: { podReadyMs: { min: 1, max: 5 } },
    },
    { clock: systemClock, rng: systemRng },
  );
  try {
    const bare = buildRepository(join(folder.path, 'fleet.git'));
    const git = buildRepository(repository, { isBare: false });
    const branch = git.git('branch', '--show-current').trim();
    const commit = (message: string): void => {
      git.git('add', '.');
      git.git('commit', '--quiet', '-m', message);
      git.git('push', '--quiet', bare.folder, branch);
    };
    commit('Two environments');
    const repositories = [{ name: 'fleet', url: bare.folder, branch }];
    const settings = { stateDir: 'state', kubeconfigDir: 'kubeconfigs', repositories };
    folder.write({ 'landfall.yaml': JSON.stringify(settings) });
    const run = (...argv: readonly string[]) => command([...argv, '--config', join(folder.path, 'landfall.yaml')]);
    const promote = () => run('promote', 'shop/web-production', '--to', 'production');
    const production = join(repository, 'environments/production/web.yaml');
    const before = readFileSync(production, 'utf8');
    const first = await run('apply');
    equal(first.code, 0, first.out + first.err);
    const staging = join(repository, 'environments/staging/web.yaml');
    writeFileSync(staging, readFileSync(staging, 'utf8').replace('1.28.0', '1.29.0'));
    commit('web 1.29.0');
    const early = await promote();
    equal(early.code, 1);
    match(early.out, /stage staging is not there yet on stage-1/);
    const second = await run('apply');
    equal(second.code, 0, second.out + second.err);
    const done = await promote();
    equal(done.code, 0, done.out + done.err);
    const text = bare.git('show', `${branch}:environments/production/web.yaml`);
    equal(text.trim(), before.replace("'nginx:1.28.0'", "'nginx:1.29.0'").trim());
    const third = await run('apply');
    equal(third.code, 0, third.out + third.err);
    match((await run('status')).out, /web-production/);
    const server = sandbox.clusters.find(({ name }) => name === 'us-1')?.server;
    const answer = await fetch(`${server}/apis/apps/v1/namespaces/shop/deployments/web`);
    match(JSON.stringify(await answer.json()), /nginx:1\.29\.0/);
    match((await promote()).out, /its folder holds what is to be copied/);
  } finally {
    await sandbox.close();
  }
});
