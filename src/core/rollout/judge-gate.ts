/** Whether one gate of a stage lets a revision pass: from the clock, the Pin, and what was found out. */
import type { Bypass, Gate, Window } from '../model/gate.ts';
import type { Pin } from '../model/placement.ts';
import { bypassAt } from './bypass.ts';
import type { GateAsk, GateEvidence, GateState, Subject } from './gate-state.ts';
import type { Beside } from './stage.ts';
import { windowAt } from './window.ts';

export type GateLook = {
  readonly stage: string;
  readonly pin: ReturnType<Beside['pinOf']>;
  readonly evidenceOf: Beside['evidenceOf'];
  readonly nowMs: number;
  /** Takes moments at which time alone may change the answer. */
  readonly wakes: number[];
};

/** Shape: never passed for want of knowledge. */
export function judgeGate(gate: Gate, subject: Subject, look: GateLook): GateState {
  const { stage, pin, nowMs, wakes } = look;
  const { kind } = gate.check;
  const base = { gate: gate.name, kind, isBypassed: isBypassed(gate, bypassAt(pin?.bypass, nowMs)) };
  switch (gate.check.kind) {
    case 'window':
      return { ...base, ...judgeWindow(gate.check.window, nowMs, wakes), atMs: undefined };
    case 'approval':
      return { ...base, ...judgeApproval(gate.name, subject, pin?.approvals ?? [], nowMs, wakes), atMs: undefined };
    default: {
      const found = look.evidenceOf({ stage, gate, subject });
      return { ...base, ...(found ?? { result: 'pending', text: 'not asked yet', atMs: undefined }) };
    }
  }
}

/** Does somebody have to go and look? */
export const isAsked = ({ gate }: GateAsk): boolean => gate.check.kind !== 'window' && gate.check.kind !== 'approval';

const isBypassed = ({ name, check }: Gate, bypass: Bypass | undefined): boolean =>
  bypass !== undefined && (bypass.gates.includes(name) || (check.kind === 'window' && bypass.gates.includes('Window')));

type Judged = Pick<GateEvidence, 'result' | 'text'>;

function judgeWindow(window: Window, nowMs: number, wakes: number[]): Judged {
  const { isOpen, changesAtMs } = windowAt(window, nowMs);
  if (changesAtMs !== undefined) wakes.push(changesAtMs);
  const at = changesAtMs === undefined ? undefined : new Date(changesAtMs).toISOString();
  if (isOpen) return { result: 'pass', text: `open until ${at}` };
  return { result: 'pending', text: at === undefined ? 'it never opens' : `closed until ${at}` };
}

function judgeApproval(
  gate: string,
  { revision }: Subject,
  approvals: Pin['approvals'],
  nowMs: number,
  wakes: number[],
): Judged {
  const mine = approvals.filter((each) => each.gate === gate && each.revision === revision);
  const valid = mine.find(({ untilMs }) => untilMs === undefined || nowMs < untilMs);
  if (valid !== undefined) {
    if (valid.untilMs !== undefined) wakes.push(valid.untilMs);
    return { result: 'pass', text: valid.by === undefined ? 'approved' : `approved by ${valid.by}` };
  }
  const of = `revision ${revision.slice(0, 12)}`;
  if (mine.length > 0) return { result: 'pending', text: `the approval of ${of} has expired` };
  return { result: 'pending', text: `nobody has approved ${of}` };
}
