/** What a commit of a random life says of an App behind gates: its content, what people say, and when nothing moves. */
import type { CommitSha } from '../../../src/core/model/id.ts';
import { clusterManifests } from '../../builder/fleet.ts';
import { app, configMap, freeze, pin, placement } from '../../builder/manifest.ts';

const stages = [
  '{name: canary, clusterNames: [a], soak: 3m}',
  '{name: production, clusterNames: [b, c], revision: Pinned, maxUnavailable: 100%, gates: [{name: ci, status: {context: ci}}, {name: page, http: {url: "https://shop.example.com/"}}, {name: hours, window: {schedule: "0 * * * *", duration: 45m, timeZone: UTC}}, {name: go, approval: {}}]}',
];

type Approval = { readonly revision: CommitSha; readonly untilMs: number };
type Bypass = { readonly gates: readonly string[]; readonly untilMs: number };
export type Say = {
  readonly revision: CommitSha;
  readonly approvals: readonly Approval[];
  readonly bypass: Bypass | undefined;
  readonly quarantined: readonly CommitSha[];
};
type Freeze = { readonly fromMs: number; readonly untilMs: number; readonly allow: readonly string[] };
/** What a commit says. */
export type Content = { readonly value: string; readonly say: Say | undefined; readonly freeze: Freeze | undefined };

/** What was so, and since when; oldest first. */
export class Past<T> {
  readonly #all: { readonly sinceMs: number; readonly value: T }[] = [];

  add(sinceMs: number, value: T): void {
    this.#all.push({ sinceMs, value });
  }

  /** What was so at any time of late. */
  since(fromMs: number): readonly T[] {
    return this.#all
      .filter((_, index) => (this.#all[index + 1]?.sinceMs ?? Number.POSITIVE_INFINITY) >= fromMs)
      .map(({ value }) => value);
  }
}

export const timeOf = (atMs: number): string => new Date(atMs).toISOString();

function pinOf({ revision, approvals, bypass, quarantined }: Say): string {
  const yes = approvals.map(
    (each) => `{gate: go, revision: "${each.revision}", by: ann, until: "${timeOf(each.untilMs)}"}`,
  );
  const glass =
    bypass === undefined
      ? ''
      : `, bypass: {gates: [${bypass.gates.join(', ')}], reason: INC, until: "${timeOf(bypass.untilMs)}"}`;
  const marks = quarantined.map((each) => `"${each}"`);
  return pin(
    'web',
    'production',
    revision,
    `, approvals: [${yes.join(', ')}]${glass}, quarantined: [${marks.join(', ')}]`,
  );
}

export function filesOf({ value, say, freeze: still }: Content): Readonly<Record<string, string | undefined>> {
  return {
    ...clusterManifests(['a', 'b', 'c']),
    'web.yaml': `${app('web')}---\n${placement('web', stages)}`,
    'apps/web/web.yaml': configMap('web', value),
    'promotions/web.yaml': say === undefined ? undefined : pinOf(say),
    'freeze.yaml':
      still === undefined
        ? undefined
        : freeze(
            'still',
            `{clusterSelector: {}, from: "${timeOf(still.fromMs)}", until: "${timeOf(still.untilMs)}", allow: [${still.allow.join(', ')}]}`,
          ),
  };
}
