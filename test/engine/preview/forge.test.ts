/** Protects: the same over real sockets: Git over HTTP, a forge's own API, API servers, and everything as `landfall run` has it. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/edge/clock/clock.ts';
import { serveForge } from '../../../src/sandbox/forge/serve-forge.ts';
import { command, testFolder } from '../../builder/command.ts';
import { repositoryIn } from '../../builder/git-repository.ts';
import { app, configMap, placement } from '../../builder/manifest.ts';
import { seededRng } from '../../builder/rng.ts';

const project = 'team/fleet';
const names = ['cluster-1', 'cluster-2'];

const cluster = (name: string): string =>
  `apiVersion: landfall.dev/v1alpha1\nkind: Cluster\nmetadata: {name: ${name}}\nspec: {access: {file: kube/${name}.kubeconfig}}\n`;

const settingsOf = (url: string): string => `stateDir: .state
kubeconfigDir: kube
server: {listen: "127.0.0.1:0"}
repositories:
- name: fleet
  url: "${url}/${project}.git"
  pollInterval: 1s
  statuses: none
  auth: {tokenFile: token}
  forge: {kind: gitea, tokenFile: token}
`;

type Said = { readonly id: number; readonly body: string };

test('preview: a pull request on a forge is planned by `landfall run`, and its comment edited in place', {
  timeout: 120_000,
}, async () => {
  using folder = testFolder({ token: 'tok-1' });
  const options = { project, token: 'tok-1', users: new Map([['tok-2', 'ann']]), root: `${folder.path}/git` };
  const served = await serveForge(options, { clock: systemClock, rng: seededRng(7) });
  const { forge } = served;
  folder.write({ 'landfall.yaml': settingsOf(served.url) });
  const stop = new AbortController();
  const ready = Promise.withResolvers<string>();
  const sandbox = command(['sandbox', '--clusters', String(names.length), '--dir', `${folder.path}/kube`], {
    signal: stop.signal,
    onOut: ready.resolve,
  });
  await ready.promise;
  const repository = repositoryIn(served.repository?.folder ?? '');
  const main = repository.commit({
    ...Object.fromEntries(names.map((name) => [`clusters/${name}.yaml`, cluster(name)])),
    'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
    'apps/web/web.yaml': configMap('web', '1'),
  });
  const propose = async (value: string): Promise<string> => {
    const head = repository.commit(
      { 'apps/web/web.yaml': configMap('web', value) },
      { branch: 'topic', parents: [main] },
    );
    await forge.follow(project);
    return head;
  };
  const running = command(['run', '--config', 'landfall.yaml'], { folder: folder.path, signal: stop.signal });
  try {
    const wellKnown = { context: 'landfall/shop/web', state: 'success' };
    await until(
      () => forge.posts.some((post) => post.context === wellKnown.context && post.state === 'success'),
      running,
    );
    const first = await propose('2');
    const { number } = (await ask(served.url, 'POST', '/pulls', { head: 'topic', base: 'main', title: 'Two' })) as {
      readonly number: number;
    };
    const plansOf = (commit: string): readonly string[] =>
      forge.posts
        .filter((post) => post.commit === commit && post.context === 'landfall/plan')
        .map(({ state, description }) => `${state} ${description}`);
    const comments = async (): Promise<readonly Said[]> =>
      (await ask(served.url, 'GET', `/issues/${number}/comments`)) as readonly Said[];
    await until(() => plansOf(first).length > 1, running);
    deepEqual(plansOf(first), ['pending is being planned', 'success 1 to change on 2 clusters, 0 deletions']);
    const [said, ...more] = await comments();
    equal(more.length, 0);
    match(said?.body ?? '', /the same 1-line diff on 2 clusters[\s\S]*^\+ \.data\.value: "2"$/m);
    const second = await propose('3');
    await until(() => plansOf(second).length > 1, running);
    const [edited, ...others] = await comments();
    deepEqual([edited?.id, others.length], [said?.id, 0]);
    match(edited?.body ?? '', /^\+ \.data\.value: "3"$/m);
  } finally {
    stop.abort(new Error('the test is over'));
    await Promise.all([running, sandbox]);
    await served.close();
  }
});

async function ask(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1/repos/${project}${path}`, {
    method,
    headers: { authorization: 'token tok-2', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** Looks again until it is so. Errors: what was said, when what should bring it about has ended. */
async function until(isSo: () => boolean, running: Promise<{ readonly err: string }>): Promise<void> {
  let ended: string | undefined;
  void running.then(({ err }) => {
    ended = err;
  });
  while (!isSo()) {
    if (ended !== undefined) throw new Error(ended);
    await new Promise((resolve) => systemClock.after(50, () => resolve(undefined)));
  }
}
