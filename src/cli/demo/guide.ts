/** What somebody who has never seen Landfall should know before and after the demo. */
import { relative } from 'node:path';
import type { Controller } from './controller.ts';
import type { Narrator } from './narrate.ts';
import type { World } from './world.ts';

export function introduce(
  { clusters, repositoryUrl, pullRequestsUrl }: World,
  { url }: Controller,
  tell: Narrator,
): void {
  const roles = ['canary', 'production, first region', 'production, second region'];
  tell.heading('Landfall: what you push to Git is what every cluster runs');
  tell.list([
    ...clusters.map(({ name, server }, index): [string, string] => [name, `${server}  ${roles[index] ?? ''}`]),
    ['git', repositoryUrl],
    ['forge', pullRequestsUrl],
    ['dashboard', `${url}/`],
  ]);
}

export function conclude(isHappy: boolean, cellCount: number, elapsedMs: number, tell: Narrator): void {
  if (!isHappy) {
    tell.text('\nThe demo did not end well: not everything was seen that should have been.\n');
    return;
  }
  const seconds = Math.round(elapsedMs / 1000);
  tell.text(`\nEverything was seen in the clusters, and all ${cellCount} cells are well, after ${seconds} s.\n\n`);
  tell.heading('Next');
  tell.list([
    ['npm run demo', 'the same fleet, kept running: push to it, break it, watch'],
    ['examples/quickstart', 'the manifests of this story, and how to use them on your own clusters'],
  ]);
}

/** `folder`: where the user is, for shorter paths. */
export function handOver(
  { clusters, repositoryUrl, pullRequestsUrl, settingsFile }: World,
  folder: string,
  tell: Narrator,
): void {
  const near = (path: string): string => {
    const way = relative(folder, path);
    return way.startsWith('..') ? path : way;
  };
  tell.step('Now it is yours: in another terminal');
  tell.act(`git clone ${repositoryUrl}`);
  tell.act('git fetch origin refs/notes/landfall:refs/notes/landfall');
  tell.act('git log --notes=landfall');
  for (const { kubeconfig } of clusters) tell.act(`kubectl --kubeconfig ${near(kubeconfig)} get all -A`);
  tell.act(`npx landfall status --config ${near(settingsFile)}`);
  tell.act(`npx landfall promote shop/web --to production --merge --config ${near(settingsFile)}`);
  tell.step('Things to try');
  tell.list([
    ['change', 'the image in apps/web/deployment.yaml, and push: the canary takes it'],
    ['promote', `merge the pull request that appears at ${pullRequestsUrl}`],
    ['break', 'a manifest, or the Deployment on a cluster: see what Landfall says'],
  ]);
  tell.text('\nCtrl-C ends all of it and leaves nothing behind.\n\n');
}
