/** What a random life must never see, looked at with every write that arrives anywhere. */
import { at, isArray, numberOf, textOf } from '../../src/core/json/value.ts';
import { type KubeObject, textMapOf } from '../../src/core/model/object.ts';
import type { Review } from '../../src/sandbox/registry/admission.ts';
import type { TestFleet } from '../builder/fleet.ts';
import { type Content, clusters, drops } from './content.ts';

export type Past = {
  /** What the branch has said, and since when; oldest first. */
  readonly heads: readonly { readonly sinceMs: number; readonly content: Content }[];
  /** When each cluster was last in trouble; nobody can see far into one that is. */
  readonly troubledAtMs: ReadonlyMap<string, number>;
};

export type Watch = {
  readonly problems: readonly string[];
  /** Another look at what no write tells. */
  readonly look: () => void;
};

/** A decision may be so old when its write arrives: as long as a request may take, and a look at the branch before it. */
const decidedWithinMs = 180_000;
const label = 'landfall.dev/installation';

export function watchOver(fleet: TestFleet, past: Past, note: (line: string) => void): Watch {
  const problems: string[] = [];
  const good = new Set<string>();
  const values = new Map<string, Set<string>>();
  const written = (cluster: string, name: string): Set<string> => {
    const known = values.get(`${cluster} ${name}`) ?? new Set<string>();
    values.set(`${cluster} ${name}`, known);
    return known;
  };
  const problem = (text: string): void => {
    problems.push(text);
    note(`PROBLEM ${text}`);
  };
  const look = (): void => {
    for (const cluster of clusters) {
      const web = fleet.sandbox.cluster(cluster).read('apps/v1', 'Deployment', 'shop', 'web');
      if (web !== undefined && isReady(web)) good.add(imageOf(web));
    }
  };
  for (const cluster of clusters) {
    fleet.sandbox.cluster(cluster).admit({
      name: 'watch',
      review: (review) => {
        if (!isOurs(review)) return { kind: 'allow' };
        look();
        const name = `${review.resource.kind} ${review.name}`;
        note(`${cluster} ${review.operation} ${name}${saying(review)}`);
        if (review.previous !== undefined && textMapOf(review.previous, 'annotations').rival === 'foreign')
          problem(`O1: ${name} on ${cluster} is somebody else's, and is written`);
        // Its own records come and go with what they are about.
        if (review.namespace === 'landfall-system') return { kind: 'allow' };
        if (review.operation === 'DELETE') judgeDelete(cluster, name, review);
        else {
          if (name === 'Deployment web') judgeChange(cluster, review.object);
          judgeValue(cluster, name, saidBy(review.object));
        }
        return { kind: 'allow' };
      },
    });
  }

  const judgeDelete = (cluster: string, name: string, { previous, object }: Review): void => {
    const owned = previous ?? object;
    if (textMapOf(owned, 'labels')[label] !== 'test') problem(`D6: ${name} on ${cluster} is not ours, and is deleted`);
    if (name.startsWith('Namespace ')) problem(`D5: ${name} on ${cluster} is deleted`);
    const cause = recentOf(past, fleet.clock.nowMs()).find(({ content }) => drops(name, cluster, content));
    if (cause === undefined) problem(`D1: ${name} on ${cluster} is deleted, and every recent commit wants it`);
  };

  /** Nothing new reaches a second cluster before it is well on one. */
  const judgeChange = (cluster: string, web: KubeObject): void => {
    const image = imageOf(web);
    const before = fleet.sandbox.cluster(cluster).read('apps/v1', 'Deployment', 'shop', 'web');
    if (good.has(image) || (before !== undefined && imageOf(before) === image)) return;
    const others = clusters.filter((other) => {
      const there = fleet.sandbox.cluster(other).read('apps/v1', 'Deployment', 'shop', 'web');
      const isCalm = fleet.clock.nowMs() - (past.troubledAtMs.get(other) ?? 0) > decidedWithinMs;
      return other !== cluster && there !== undefined && imageOf(there) === image && isCalm;
    });
    if (others.length > 0)
      problem(`one law: ${image} comes to ${cluster} while it is not well on ${others.join(', ')}`);
  };

  /** What comes first to one cluster of an App, and to the others when it has been there. */
  const judgeValue = (cluster: string, name: string, value: string): void => {
    const first = firstOf[name];
    const isNew = !written(cluster, name).has(value);
    if (first !== undefined && first !== cluster && !written(first, name).has(value))
      problem(`one law: ${name} comes to ${cluster} as ${value}, which ${first} never had`);
    if (isNew && frozen.has(cluster) && recentOf(past, fleet.clock.nowMs()).every(({ content }) => content.isFrozen))
      problem(`freeze: ${name} on ${cluster} becomes ${value}`);
    written(cluster, name).add(value);
  };
  return { problems, look };
}

/** The stage before all others of an App, by its object. */
const firstOf: Readonly<Record<string, string>> = { 'ConfigMap api': 'a', 'ConfigMap origin': 'b' };
const frozen: ReadonlySet<string> = new Set(['c', 'd']);

/** What the branch has said lately. */
const recentOf = ({ heads }: Past, nowMs: number): Past['heads'] =>
  heads.filter((_, index) => (heads[index + 1]?.sinceMs ?? nowMs) >= nowMs - decidedWithinMs);

const isOurs = ({ user, resource, isDryRun }: Review): boolean =>
  user.name === 'landfall' && resource.resource !== 'leases' && !isDryRun;

/** A record says much that is no news. */
function saying({ object, operation, namespace }: Review): string {
  if (operation === 'DELETE' || namespace === 'landfall-system') return '';
  return ` ${saidBy(object)}`;
}

/** What its author has set. */
const saidBy = (object: KubeObject): string =>
  object.kind === 'Deployment' ? imageOf(object) : (textOf(at(object, 'data', 'value')) ?? '');

export function imageOf(web: KubeObject): string {
  const containers = at(web, 'spec', 'template', 'spec', 'containers');
  const first = isArray(containers) ? containers[0] : undefined;
  return (first === undefined ? undefined : textOf(at(first, 'image'))) ?? '';
}

const isReady = (web: KubeObject): boolean => {
  const wanted = numberOf(at(web, 'spec', 'replicas')) ?? 0;
  return (
    numberOf(at(web, 'status', 'updatedReplicas')) === wanted &&
    numberOf(at(web, 'status', 'readyReplicas')) === wanted &&
    numberOf(at(web, 'status', 'observedGeneration')) === numberOf(at(web, 'metadata', 'generation'))
  );
};

/** What is ours on a cluster, and what it says: to be compared with what is wanted. */
export function heldOn(fleet: TestFleet, cluster: string): ReadonlyMap<string, string> {
  const { list } = fleet.sandbox.cluster(cluster);
  const all = [...list('v1', 'ConfigMap', 'shop'), ...list('apps/v1', 'Deployment', 'shop')];
  return new Map(
    all
      .filter((object) => textMapOf(object, 'labels')[label] === 'test')
      .map((object) => [`${object.kind} ${object.metadata.name}`, saidBy(object)]),
  );
}
