/** What must hold before a pin moves, gate by gate, as a pull request shows it. */

import { pinKey } from '../../core/compile/gather.ts';
import type { AppId } from '../../core/model/id.ts';
import type { Aim } from '../../core/promotion/aim.ts';
import type { GateLine } from '../../core/promotion/body.ts';
import type { Entrance } from '../../core/rollout/entrance.ts';
import { describeFreeze, freezeFor } from '../../core/rollout/freeze.ts';
import type { GateState } from '../../core/rollout/gate-state.ts';
import { freezesOn } from '../freezes.ts';
import type { PlacedAsk } from '../gates/gate-view.ts';
import { entranceAlone, entranceFor } from '../steer.ts';
import type { Content } from './contents.ts';
import type { PromotableStage, PromoteView } from './promotable-stage.ts';
import { evidencesIn, whyUnproved } from './proof.ts';

type Shown = Extract<Aim, { kind: 'show' }>;

export type Gates = {
  readonly lines: readonly GateLine[];
  /** Gates that somebody has to look at, so that it is known how they stand. */
  readonly asks: ReadonlyMap<AppId, readonly PlacedAsk[]>;
};

/** Shape: a way back needs no evidence, and passes all gates: what was good once may return, unless a freeze keeps all still. */
export function gatesOf(
  promotable: PromotableStage,
  aim: Shown,
  content: Content | undefined,
  view: PromoteView,
): Gates {
  const isReturn = aim.route.kind === 'revert';
  // A bypass is for the revision that the pin names, and is gone when it moves.
  const freezes = freezeLines(promotable, isReturn, view);
  if (isReturn) return { lines: freezes, asks: new Map() };
  const { before, of, source } = promotable;
  // Looked at once more, for exactly the revision that the pin will name. A bypass is for people: nothing moves by itself on it.
  const missing =
    content === undefined
      ? 'the revision cannot be read'
      : (whyUnproved(before, content, source, view) ?? aim.unproved);
  const evidence: GateLine = {
    name: 'Evidence',
    state: missing === undefined ? 'passed' : 'waiting',
    evidence: missing ?? `shown to be good by ${before.map(({ name }) => name).join(', ')}`,
  };
  const asks = new Map<AppId, readonly PlacedAsk[]>();
  const own = new Map<string, GateLine>();
  for (const [app, entrance] of entrancesOf(promotable, aim, content, missing === undefined, view)) {
    asks.set(
      app,
      entrance.asks.map((ask) => ({ app, placement: of, ask })),
    );
    for (const gate of entrance.gates) {
      if (gate.kind === 'evidence' || gate.kind === 'soak') continue;
      own.set(gate.gate, worse(own.get(gate.gate), lineOf(gate)));
    }
  }
  return { lines: [evidence, ...own.values(), ...freezes], asks };
}

/** Of every App: what the stage itself asks for. */
function entrancesOf(
  promotable: PromotableStage,
  { route, content: copied }: Shown,
  content: Content | undefined,
  isShown: boolean,
  view: PromoteView,
): ReadonlyMap<AppId, Entrance> {
  const { of, here, stage } = promotable;
  const revision = route.to;
  // Its own gates, before the copy is there to be judged: what it would be is not known by what the source is.
  const own = (app: AppId): Entrance | undefined =>
    isShown ? entranceAlone(app, { placement: of, stage: here }, { revision, intent: copied }, view) : undefined;
  const found =
    promotable.kind === 'copy'
      ? of.apps.map((app) => [app, own(app)] as const)
      : [...(content?.apps ?? [])].map(
          ([app, intent]) =>
            [app, entranceFor(app, stage, { revision, intent }, unbypassed(promotable, view))] as const,
        );
  return new Map(found.flatMap(([app, entrance]) => (entrance === undefined ? [] : [[app, entrance] as const])));
}

/** As it will be once the pin has moved. */
function unbypassed({ of, stage }: PromotableStage, view: PromoteView): PromoteView {
  const key = pinKey(of.repository, of.id, stage);
  const { gathered } = view.compiled;
  const own = gathered.pins.get(key) ?? [];
  if (own.every(({ bypass }) => bypass === undefined)) return view;
  const pins = new Map(gathered.pins).set(
    key,
    own.map((pin) => ({ ...pin, bypass: undefined })),
  );
  return { ...view, compiled: { ...view.compiled, gathered: { ...gathered, pins } } };
}

function lineOf({ gate, kind, result, text, isBypassed }: GateState): GateLine {
  const state = isBypassed ? 'bypassed' : result === 'pass' ? 'passed' : result === 'fail' ? 'failed' : 'waiting';
  // Figures are others each time that somebody looks: a text that tells them would be edited all the time.
  const isRestless = (kind === 'prometheus' || kind === 'http') && (result === 'pass' || result === 'fail');
  return { name: gate, state, evidence: isRestless ? `${kind} check` : text };
}

const order: Readonly<Record<GateLine['state'], number>> = { failed: 0, waiting: 1, bypassed: 2, passed: 3 };

const worse = (a: GateLine | undefined, b: GateLine): GateLine =>
  a !== undefined && order[a.state] <= order[b.state] ? a : b;

function freezeLines(promotable: PromotableStage, isReturn: boolean, view: PromoteView): readonly GateLine[] {
  const { of, here } = promotable;
  const clusters = new Set(of.apps.flatMap((app) => evidencesIn(app, here, view).map(({ cluster }) => cluster)));
  for (const cluster of clusters) {
    const freezes = freezesOn(cluster, view.compiled.gathered);
    const freeze = freezeFor(freezes, { isReturn, isFailover: false }, undefined, view.nowMs);
    if (freeze !== undefined) return [{ name: 'Freeze', state: 'waiting', evidence: describeFreeze(freeze) }];
  }
  return [];
}
