/** What a simulation has to hold, judged moment by moment. */
import { type Fleet, labelOf } from '../model/fleet.ts';
import type { AppId, ClusterId } from '../model/id.ts';
import { partsOf } from '../model/id.ts';
import { unreachable } from '../model/invariant.ts';
import type { Policy, PolicyRule } from '../model/simulation.ts';
import type { CellNow, Moment } from './moment.ts';

export type Violation = {
  readonly policy: Policy;
  readonly atMs: number;
  readonly step: number;
  readonly message: string;
};

/** One policy over the moments that it holds for; it is told once, at the first moment that breaks it. */
export class PolicyJudge {
  readonly policy: Policy;
  readonly #startMs: number;
  #violation: Violation | undefined;
  /** Of an order: those that have begun, first to last. */
  readonly #begun: string[] = [];

  constructor(policy: Policy, startMs: number) {
    this.policy = policy;
    this.#startMs = startMs;
  }

  get violation(): Violation | undefined {
    return this.#violation;
  }

  look(moment: Moment): void {
    this.#note(moment, this.#broken(this.policy.rule, moment));
  }

  /** At the end of the time that it holds for. */
  end(moment: Moment): void {
    this.#note(moment, brokenInTheEnd(this.policy.rule, moment));
  }

  #note({ atMs, step }: Moment, message: string | undefined): void {
    if (message !== undefined) this.#violation ??= { policy: this.policy, atMs, step, message };
  }

  #broken(rule: PolicyRule, moment: Moment): string | undefined {
    switch (rule.kind) {
      case 'minReady': {
        const ready = ofApp(rule.app, moment).reduce((sum, cell) => sum + cell.ready, 0);
        return ready >= rule.replicas
          ? undefined
          : `${ready} replicas of ${rule.app} are ready, fewer than ${rule.replicas}`;
      }
      case 'minClusters': {
        const serving = ofApp(rule.app, moment).filter((cell) => cell.isServing);
        const places = placesOf(serving, rule.topologyKey, moment.fleet);
        if (places.length >= rule.count) return undefined;
        return `${rule.app} is served by ${counted(places, rule.topologyKey)}, fewer than ${rule.count}`;
      }
      case 'maxChanging': {
        const changing = (rule.app === undefined ? moment.cells : ofApp(rule.app, moment)).filter(
          (cell) => cell.isChanging,
        );
        const places = placesOf(changing, rule.topologyKey, moment.fleet);
        if (places.length <= rule.count) return undefined;
        return `${counted(places, rule.topologyKey)} ${places.length === 1 ? 'changes' : 'change at once'}, more than ${rule.count}`;
      }
      case 'noDeletes': {
        const move = moment.moves.find(
          ({ app, deleted }) => deleted.length > 0 && (rule.app === undefined || app === rule.app),
        );
        if (move === undefined) return undefined;
        const [first, ...others] = move.deleted.map((key) => `${partsOf(key).kind} ${partsOf(key).name}`);
        const more = others.length === 0 ? '' : ` and ${others.length} more`;
        return `${first}${more} of ${move.app} on ${move.cluster} would be deleted`;
      }
      case 'order':
        return this.#disorder(rule, moment);
      case 'settles': {
        const lateMs = this.#startMs + (rule.withinMs ?? Number.POSITIVE_INFINITY);
        return moment.atMs > lateMs ? unsettled(rule.app, moment) : undefined;
      }
      case 'placement':
        return undefined;
      default:
        return unreachable(rule);
    }
  }

  #disorder(rule: Extract<PolicyRule, { kind: 'order' }>, moment: Moment): string | undefined {
    for (const move of moment.moves) {
      if (move.app !== rule.app || (move.kind !== 'changes' && move.kind !== 'arrives')) continue;
      const place = placeOf(move.cluster, rule.topologyKey, moment.fleet);
      const rank = rule.values.indexOf(place);
      if (rank === -1 || this.#begun.includes(place)) continue;
      this.#begun.push(place);
      const early = rule.values.slice(0, rank).find((each) => !this.#begun.includes(each));
      if (early !== undefined) return `${rule.app} changes on ${place} before ${early}`;
      const open = ofApp(rule.app, moment).find((cell) => {
        const there = rule.values.indexOf(placeOf(cell.cluster, rule.topologyKey, moment.fleet));
        return cell.isChanging && there !== -1 && there < rank;
      });
      if (open !== undefined) return `${rule.app} changes on ${place} while ${open.cluster} is not well yet`;
    }
    return undefined;
  }
}

function brokenInTheEnd(rule: PolicyRule, moment: Moment): string | undefined {
  if (rule.kind === 'settles') return unsettled(rule.app, moment);
  if (rule.kind !== 'placement') return undefined;
  const cells = ofApp(rule.app, moment).filter((cell) => cell.isThere);
  const missing = [...rule.replicas].find(([cluster]) => !cells.some((cell) => cell.cluster === cluster));
  if (missing !== undefined) return `${rule.app} is not on ${missing[0]}`;
  for (const { cluster, replicas } of cells) {
    if (!rule.replicas.has(cluster)) return `${rule.app} is on ${cluster}`;
    const wanted = rule.replicas.get(cluster);
    if (wanted !== undefined && wanted !== (replicas ?? 0))
      return `${rule.app} has ${replicas ?? 0} replicas on ${cluster}, not ${wanted}`;
  }
  return undefined;
}

function unsettled(app: AppId | undefined, moment: Moment): string | undefined {
  const cells = app === undefined ? moment.cells : ofApp(app, moment);
  const open = cells.filter((cell) => cell.isReachable && !cell.isSettled);
  const [first] = open;
  if (first === undefined) return undefined;
  const more = open.length > 1 ? `, and ${open.length - 1} more` : '';
  return `${first.app} on ${first.cluster} is not as it should be${more}: ${first.waits ?? 'not healthy'}`;
}

const ofApp = (app: AppId, { cells }: Moment): readonly CellNow[] => cells.filter((cell) => cell.app === app);

function placeOf(cluster: ClusterId, topologyKey: string | undefined, fleet: Fleet): string {
  if (topologyKey === undefined) return cluster;
  const known = fleet.get(cluster);
  return (known === undefined ? undefined : labelOf(known, topologyKey)) ?? '';
}

/** Shape: clusters without the label are one place together. */
const placesOf = (cells: readonly CellNow[], topologyKey: string | undefined, fleet: Fleet): readonly string[] =>
  [...new Set(cells.map(({ cluster }) => placeOf(cluster, topologyKey, fleet)))].toSorted();

function counted(places: readonly string[], topologyKey: string | undefined): string {
  const noun = topologyKey === undefined ? 'cluster' : (topologyKey.split('/').at(-1) ?? topologyKey);
  const names = places.slice(0, 3).map((place) => (place === '' ? 'none' : place));
  const more = places.length > 3 ? ', …' : '';
  const text = `${places.length} ${places.length === 1 ? noun : `${noun}s`}`;
  return places.length === 0 ? text : `${text} (${names.join(', ')}${more})`;
}
