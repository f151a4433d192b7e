/** What may happen in a random life. */
import { at, textOf } from '../../src/core/json/value.ts';
import { FaultError } from '../../src/core/model/fault.ts';
import type { Rng } from '../../src/seam/rng.ts';
import type { TestFleet } from '../builder/fleet.ts';
import { type Content, clusters } from './content.ts';
import { disorders } from './disorders.ts';

export type Choices = {
  readonly pick: <T>(all: readonly T[]) => T;
  readonly isChance: (share: number) => boolean;
  /** From 0 to 1. */
  readonly share: () => number;
};

export const choicesOf = (rng: Rng): Choices => ({
  pick: (all) => all[Math.floor(rng.next() * all.length)]!,
  isChance: (share) => rng.next() < share,
  share: () => rng.next(),
});

/** Where it happens. */
export type Stage = {
  readonly fleet: TestFleet;
  readonly choices: Choices;
  readonly world: { skewMs: number; isForgeDown: boolean; versions: number; originals: number };
  /** What the branch says now. */
  readonly head: () => Content;
  /** What each commit says. */
  readonly contents: ReadonlyMap<string, Content>;
  readonly push: (fields: Partial<Content>) => void;
  readonly forcePush: (commit: string) => void;
  /** From now on nobody can expect much of a cluster. */
  readonly trouble: (cluster: string) => void;
  readonly note: (line: string) => void;
  /** Landfall is killed, and starts after a while. */
  readonly restart: (afterMs: number) => Promise<void>;
};

const minute = 60_000;
const maps = '/api/v1/namespaces/shop/configmaps';
const web = '/apis/apps/v1/namespaces/shop/deployments/web';
const originals = '/api/v1/namespaces/source/configmaps';
const original = `${originals}/origin`;
const patchType = 'application/merge-patch+json';

export type Act = () => unknown;

export const actsOf = (stage: Stage): readonly Act[] => [...pushes(stage), ...troubles(stage), ...rivalries(stage)];

const readable = { isUnreadable: false, isEmptied: false };

function pushes({
  choices: { pick, isChance },
  world,
  head,
  push,
  forcePush,
  contents,
  trouble,
}: Stage): readonly Act[] {
  return [
    () => push({ web: `${++world.versions}${isChance(0.25) ? '-broken' : ''}`, ...readable }),
    () => push({ web: `${++world.versions}`, ...readable }),
    () => {
      const { maps: before } = head();
      const name = pick(['one', 'two', 'three', 'four']);
      const { [name]: value, ...others } = before;
      const more = value === undefined ? { ...before, [name]: 1 } : { ...before, [name]: value + 1 };
      push({ maps: value !== undefined && isChance(0.5) ? others : more });
    },
    () => push({ api: head().api === undefined ? 1 : isChance(0.2) ? undefined : (head().api ?? 0) + 1 }),
    () => {
      const two = [
        ['b', 'c'],
        ['c', 'd'],
        ['b', 'd'],
      ];
      push({ production: isChance(0.5) ? ['b', 'c', 'd'] : pick(two) });
    },
    () => push(isChance(0.5) ? { isUnreadable: true } : { isEmptied: true }),
    () => push(readable),
    // A person promotes, or takes back what was promoted.
    () => {
      const fit = [...contents].flatMap(([commit, { api, isUnreadable, isEmptied }]) =>
        api === undefined || isUnreadable || isEmptied ? [] : [{ commit, api }],
      );
      const pinned = isChance(0.6) ? fit.at(-1) : fit.length === 0 ? undefined : pick(fit);
      if (pinned !== undefined) push({ pinned });
    },
    () => push({ isCopied: !head().isCopied }),
    () => push({ isFrozen: !head().isFrozen }),
    () => push({ isSlipped: !head().isSlipped }),
    () => {
      trouble('d');
      push({ hasLeft: !head().hasLeft });
    },
    // Somebody rewrites history.
    () => forcePush(pick([...contents.keys()])),
  ];
}

function troubles(stage: Stage): readonly Act[] {
  const { fleet, choices, world, trouble, note, restart } = stage;
  const { pick, isChance, share } = choices;
  const disturb = (): void => {
    const [cluster, name] = [pick(clusters), pick(Object.keys(disorders))];
    note(`${cluster} is ${name}`);
    trouble(cluster);
    fleet.sandbox.cluster(cluster).setDisorder(disorders[name] ?? {});
  };
  return [
    disturb,
    disturb,
    disturb,
    () => {
      const cluster = pick(clusters);
      note(`${cluster} is well again`);
      trouble(cluster);
      fleet.sandbox.cluster(cluster).setDisorder({});
    },
    () => restart(isChance(0.4) ? share() * 5 * minute : 0),
    () => {
      world.skewMs = Math.round((share() - 0.5) * 10 * minute);
      note(`the clock of Landfall goes wrong by ${world.skewMs} ms`);
      for (const cluster of clusters) trouble(cluster);
    },
    () => {
      world.isForgeDown = !world.isForgeDown;
      note(`the forge is ${world.isForgeDown ? 'down' : 'up'}`);
    },
    async () => {
      note('the branch cannot be read');
      const now = fleet.git.head();
      fleet.git.setHead(new FaultError({ kind: 'unreachable', detail: 'no route' }));
      await fleet.clock.advance(share() * 2 * minute);
      fleet.git.setHead({ kind: 'commit', commit: now });
      note('the branch can be read again');
    },
  ];
}

/** Others write on the clusters too. */
function rivalries({ fleet, choices, world, contents, trouble, note }: Stage): readonly Act[] {
  const { pick, isChance } = choices;
  const drift = (cluster: string, method: string, path: string, body?: unknown, type?: string): void => {
    trouble(cluster);
    note(`rival ${method} ${path} on ${cluster}`);
    // On a cluster in trouble it takes its time, or is in vain.
    fleet.request(cluster, method, path, body, type).catch(() => note('the rival has no success'));
  };
  return [
    () => drift(pick(clusters), 'PATCH', `${maps}/${pick(['one', 'api'])}`, { data: { value: 'rival' } }, patchType),
    () => drift(pick(clusters), 'DELETE', isChance(0.5) ? web : `${maps}/one`),
    () => drift(pick(clusters), 'PATCH', `${maps}/one`, { metadata: { labels: null } }, patchType),
    () => {
      const metadata = { name: `foreign-${contents.size}`, annotations: { rival: 'foreign' } };
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: '1' } };
      drift(pick(clusters), 'POST', maps, body);
    },
    // What is copied changes, and goes, and comes back; its owner may have no success, too.
    () => writeOriginal({ fleet, world, note }),
    () => (originalOf(fleet) === undefined ? writeOriginal({ fleet, world, note }) : drift('a', 'DELETE', original)),
  ];
}

/** The value of what is copied from cluster `a`; undefined while it is not there. */
export function originalOf({ sandbox }: TestFleet): string | undefined {
  const found = sandbox.cluster('a').read('v1', 'ConfigMap', 'source', 'origin');
  return found === undefined ? undefined : textOf(at(found, 'data', 'value'));
}

/** Gives it another value than it ever had. */
export function writeOriginal({ fleet, world, note }: Pick<Stage, 'fleet' | 'world' | 'note'>): void {
  world.originals += 1;
  const data = { value: String(world.originals) };
  note(`the original is to be ${data.value}`);
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'origin' }, data };
  const writing =
    originalOf(fleet) === undefined
      ? fleet.request('a', 'POST', originals, object)
      : fleet.request('a', 'PATCH', original, { data }, patchType);
  writing.catch(() => note('its owner has no success'));
}
