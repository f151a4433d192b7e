/** What must hold before a pin moves, gate by gate, as a pull request shows it. */
import type { AppId } from '../../core/model/id.ts';
import type { Aim } from '../../core/promotion/aim.ts';
import type { GateLine } from '../../core/promotion/body.ts';
import { describeFreeze, freezeFor } from '../../core/rollout/freeze.ts';
import type { GateState } from '../../core/rollout/gate-state.ts';
import { freezesOn } from '../freezes.ts';
import type { PlacedAsk } from '../gates/gate-view.ts';
import { entranceFor } from '../steer.ts';
import type { Content } from './contents.ts';
import type { PinnedStage, PromoteView } from './pinned-stage.ts';
import { evidencesIn, whyUnproved } from './proof.ts';

export type Gates = {
  readonly lines: readonly GateLine[];
  /** Gates that somebody has to look at, so that it is known how they stand. */
  readonly asks: ReadonlyMap<AppId, readonly PlacedAsk[]>;
};

/** Shape: a way back needs no evidence, and passes all gates: what was good once may return, unless a freeze keeps all still. */
export function gatesOf(
  pinned: PinnedStage,
  aim: Extract<Aim, { kind: 'show' }>,
  content: Content | undefined,
  view: PromoteView,
): Gates {
  const isReturn = aim.route.kind === 'revert';
  const freezes = freezeLines(pinned, isReturn, view);
  if (isReturn) return { lines: freezes, asks: new Map() };
  const { before, of, stage } = pinned;
  // Looked at once more, for exactly the revision that the pin will name. A bypass is for people: nothing moves by itself on it.
  const missing =
    content === undefined ? 'the revision cannot be read' : (whyUnproved(before, content, of, view) ?? aim.unproved);
  const evidence: GateLine = {
    name: 'Evidence',
    state: missing === undefined ? 'passed' : 'waiting',
    evidence: missing ?? `shown to be good by ${before.map(({ name }) => name).join(', ')}`,
  };
  const asks = new Map<AppId, readonly PlacedAsk[]>();
  const own = new Map<string, GateLine>();
  for (const [app, intent] of content?.apps ?? []) {
    const entrance = entranceFor(app, stage, { revision: aim.route.to, intent }, view);
    if (entrance === undefined) continue;
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

function lineOf({ gate, kind, result, text, isBypassed }: GateState): GateLine {
  const state = isBypassed ? 'bypassed' : result === 'pass' ? 'passed' : result === 'fail' ? 'failed' : 'waiting';
  // Figures are others each time that somebody looks: a text that tells them would be edited all the time.
  const isRestless = (kind === 'prometheus' || kind === 'http') && (result === 'pass' || result === 'fail');
  return { name: gate, state, evidence: isRestless ? `${kind} check` : text };
}

const order: Readonly<Record<GateLine['state'], number>> = { failed: 0, waiting: 1, bypassed: 2, passed: 3 };

const worse = (a: GateLine | undefined, b: GateLine): GateLine =>
  a !== undefined && order[a.state] <= order[b.state] ? a : b;

function freezeLines({ of, here, pin }: PinnedStage, isReturn: boolean, view: PromoteView): readonly GateLine[] {
  const clusters = new Set(of.apps.flatMap((app) => evidencesIn(app, here, view).map(({ cluster }) => cluster)));
  for (const cluster of clusters) {
    const freezes = freezesOn(cluster, view.compiled.gathered);
    const freeze = freezeFor(freezes, { isReturn, isFailover: false }, pin?.bypass, view.nowMs);
    if (freeze !== undefined) return [{ name: 'Freeze', state: 'waiting', evidence: describeFreeze(freeze) }];
  }
  return [];
}
