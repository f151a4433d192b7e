/** The steps of the quickstart's story. Each does what a person would, and waits until the clusters show it. */
import { at, textOf } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { appliedAtMs, imageOf, replicasOf, wellSinceMs } from './eyes.ts';
import { type Look, type Scene, UnseenError } from './scene.ts';
import type { FileChanges } from './working-copy.ts';
import { clusterNames } from './world.ts';

export type Step = { readonly title: string; readonly play: (scene: Scene) => Promise<void> };

const [canary, ...production] = clusterNames;
const deploymentFile = 'apps/web/deployment.yaml';
const infoFile = 'apps/base/cluster-info.yaml';

/** `files`: the quickstart's manifests, which the first step pushes and the others edit. */
export function stepsOf(files: FileChanges): readonly Step[] {
  const [older, newer] = ['nginx:1.28', 'nginx:1.29'];
  const edited = (path: string, from: string, to: string): FileChanges => ({
    [path]: (files[path] ?? '').replace(from, to),
  });
  const soakSeconds = Number(/soak: ([0-9]+)s/.exec(files['placements/web.yaml'] ?? '')?.[1] ?? 0);
  return [
    {
      title: 'The first release: canary first, production when its pin says so',
      play: async (scene) => {
        const { sha } = await scene.push('The shop, on three clusters', files);
        await scene.see(() => webRuns(scene, canary, older));
        await scene.see(() => nobodyHas(scene, production, 'no pin yet, so no web on'));
        await scene.see(async () => promotionOpen(scene, sha));
        await mergePromotion(scene);
        for (const cluster of production) await scene.see(() => webRuns(scene, cluster, older));
        await scene.see(() => allHold(scene, clusterNames, 'platform', 'cluster-info', 'contact', 'platform@'));
      },
    },
    {
      title: 'A change reaches the canary, and nothing else',
      play: async (scene) => {
        await scene.push(`web: ${newer}`, edited(deploymentFile, older, newer));
        await scene.see(() => webRuns(scene, canary, newer));
        await scene.see(() => stillRun(scene, production, older));
      },
    },
    {
      title: 'Soak: nothing is proposed until the canary has been well for a while',
      play: async (scene) => {
        const [sha = ''] = scene.commits.slice(-1).map((commit) => commit.sha);
        scene.tell.wait(`${canary} must have been well for ${soakSeconds} s`);
        await scene.see(() => proposedAfterSoak(scene, sha, soakSeconds));
      },
    },
    {
      title: 'Promotion: a merge moves the pin, and production follows, one region after the other',
      play: async (scene) => {
        await mergePromotion(scene);
        for (const cluster of production) await scene.see(() => webRuns(scene, cluster, newer));
        await scene.see(() => changedInOrder(scene));
      },
    },
    {
      title: 'Drift: somebody edits a cluster by hand, and Landfall heals it',
      play: async (scene) => {
        const [cluster] = production;
        const command = `kubectl --context ${cluster} -n shop set image deployment/web web=nginx:latest`;
        await scene.act(command, () => scene.on(cluster).setImage('shop', 'web', 'nginx:latest'));
        await scene.see(() => webRuns(scene, cluster, newer, 'again'));
      },
    },
    {
      title: 'An App is removed: so much at once waits for a yes, then it is pruned',
      play: async (scene) => {
        const { sha } = await scene.push('The sale is over', {
          'apps/sale': undefined,
          'placements/sale.yaml': undefined,
        });
        await scene.see(async () => {
          const [wait] = scene.controller.engine.judgement.waiting.values();
          const kept = await allHold(scene, clusterNames, 'shop', 'sale', 'banner', '');
          return { isSeen: wait !== undefined && kept.isSeen, text: `it asks first: ${wait?.reason ?? kept.text}` };
        });
        const [deletes = ''] = scene.controller.engine.judgement.deletes.values();
        await scene.push('Acknowledgement: yes, the sale may go', {
          'acknowledgements/sale.yaml': acknowledgement(sha, deletes),
        });
        await scene.see(() => nobodyHolds(scene, 'shop', 'sale'));
      },
    },
    {
      title: 'A cluster is lost: the others go on, and it catches up when it is back',
      play: async (scene) => {
        const lost = 'ap-1';
        const others = clusterNames.filter((name) => name !== lost);
        await scene.happen(`${lost} loses its network`, () => scene.world.setReachable(lost, false));
        await scene.see(async () => {
          const answers = await scene.on(lost).answers();
          return { isSeen: !answers, text: `${lost} ${answers ? 'answers' : 'does not answer'}` };
        });
        await scene.push('base: another contact', edited(infoFile, 'platform@', 'oncall@'));
        await scene.see(() => allHold(scene, others, 'platform', 'cluster-info', 'contact', 'oncall@'));
        await scene.happen(`${lost} has its network back`, () => scene.world.setReachable(lost, true));
        await scene.see(() => allHold(scene, [lost], 'platform', 'cluster-info', 'contact', 'oncall@'));
      },
    },
  ];
}

const acknowledgement = (sha: string, deletes: string): string => `apiVersion: landfall.dev/v1alpha1
kind: Acknowledgement
metadata: {name: sale-is-over}
spec:
  commit: ${sha}
  deletes: ${deletes}
`;

/** All replicas of this image, ready, and none of another. */
async function webRuns(scene: Scene, cluster: string, image: string, how = ''): Promise<Look> {
  const web = await scene.on(cluster).deployment('shop', 'web');
  const { wanted, ready } = replicasOf(web);
  const isSeen = imageOf(web) === image && wanted > 0 && ready === wanted;
  if (web === undefined) return { isSeen, text: `${cluster} has no web` };
  const text = `${cluster} runs ${[imageOf(web), how].filter(Boolean).join(' ')}, ${ready} of ${wanted} ready`;
  return { isSeen, text };
}

async function stillRun(scene: Scene, clusters: readonly string[], image: string): Promise<Look> {
  const webs = await Promise.all(clusters.map((cluster) => scene.on(cluster).deployment('shop', 'web')));
  const isSeen = webs.every((web) => imageOf(web) === image);
  const text = isSeen ? `still run ${image}` : `run ${webs.map((web) => imageOf(web) ?? 'nothing').join(' and ')}`;
  return { isSeen, text: `${namesOf(clusters)} ${text}` };
}

/** A pull request that moves the pin of production, and nothing else. */
function promotionOpen(scene: Scene, sha: string): Look {
  const state = scene.controller.promotions().find(({ stage }) => stage === 'production');
  const request = state?.pullRequest;
  const isSeen = request?.state === 'open' && state?.to === sha;
  const text = isSeen
    ? `#${request.number} asks to move production to ${sha.slice(0, 7)}: ${request.url}`
    : `nothing is proposed: ${state?.message ?? 'not looked at yet'}`;
  return { isSeen, text };
}

/** Times of the API servers are whole seconds, so one may be missing. */
async function proposedAfterSoak(scene: Scene, sha: string, soakSeconds: number): Promise<Look> {
  const look = promotionOpen(scene, sha);
  if (!look.isSeen) return look;
  const proof = await scene.on(canary).deployment('shop', 'web');
  const afterMs = scene.nowMs - (wellSinceMs(proof) ?? Number.POSITIVE_INFINITY);
  if (afterMs < (soakSeconds - 1) * 1000)
    throw new UnseenError(
      `${look.text}, ${Math.round(afterMs / 1000)} s after ${canary} was well: its soak was not over`,
    );
  return look;
}

async function mergePromotion(scene: Scene): Promise<void> {
  const request = scene.controller.promotions().find(({ stage }) => stage === 'production')?.pullRequest;
  if (request === undefined) throw new UnseenError('there is no pull request to merge');
  await scene.merge(request.number, 'in the browser, or by `landfall promote --merge`');
}

async function changedInOrder(scene: Scene): Promise<Look> {
  const [first, second] = await Promise.all(production.map((cluster) => scene.on(cluster).deployment('shop', 'web')));
  const isSeen = (appliedAtMs(second) ?? 0) >= (wellSinceMs(first) ?? Number.POSITIVE_INFINITY);
  return { isSeen, text: `${production[1]} began when ${production[0]} was well` };
}

async function nobodyHas(scene: Scene, clusters: readonly string[], text: string): Promise<Look> {
  const webs = await Promise.all(clusters.map((cluster) => scene.on(cluster).deployment('shop', 'web')));
  return { isSeen: webs.every((web) => web === undefined), text: `${text} ${namesOf(clusters)}` };
}

/** A value of a ConfigMap on each of these clusters, by how it begins. */
async function allHold(
  scene: Scene,
  clusters: readonly string[],
  namespace: string,
  name: string,
  field: string,
  start: string,
): Promise<Look> {
  const maps = await Promise.all(clusters.map((cluster) => scene.on(cluster).configMap(namespace, name)));
  const values = maps.map((map) => fieldIn(map, field));
  const isSeen = values.every((value) => value?.startsWith(start) === true);
  const [value] = values;
  const verb = clusters.length === 1 ? 'holds' : 'hold';
  const held = isSeen ? value : values.map((each) => each ?? 'nothing').join(', ');
  return { isSeen, text: `${namesOf(clusters)} ${verb} ${name} (${held})` };
}

const fieldIn = (map: KubeObject | undefined, field: string): string | undefined =>
  map === undefined ? undefined : textOf(at(map, 'data', field));

async function nobodyHolds(scene: Scene, namespace: string, name: string): Promise<Look> {
  const maps = await Promise.all(clusterNames.map((cluster) => scene.on(cluster).configMap(namespace, name)));
  const holders = clusterNames.filter((_, index) => maps[index] !== undefined);
  const isSeen = holders.length === 0;
  return {
    isSeen,
    text: isSeen ? `${name} is gone from ${namesOf(clusterNames)}` : `${namesOf(holders)} hold ${name}`,
  };
}

const namesOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
