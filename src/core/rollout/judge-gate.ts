/** Whether one gate of a stage lets a revision pass: from the clock, the Pin, and what was found out. */
import type { Approval, Bypass, Gate, Window } from '../model/gate.ts';
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
  const { pin, nowMs, wakes, stage } = look;
  const { kind } = gate.check;
  const base = { gate: gate.name, kind, isBypassed: isBypassed(gate, bypassAt(pin?.bypass, nowMs)) };
  switch (gate.check.kind) {
    case 'window':
      return { ...base, ...judgeWindow(gate.check.window, nowMs, wakes), atMs: undefined };
    case 'approval':
      return { ...base, ...judgeApproval(gate, gate.check.notByAuthor, subject, look) };
    default:
      return { ...base, ...asked({ stage, gate, subject }, look) };
  }
}

/** Does somebody have to go and look? */
export const isAsked = ({ gate, approvals = [] }: GateAsk): boolean =>
  gate.check.kind !== 'window' && (gate.check.kind !== 'approval' || approvals.length > 0);

const isBypassed = ({ name, check }: Gate, bypass: Bypass | undefined): boolean =>
  bypass !== undefined && (bypass.gates.includes(name) || (check.kind === 'window' && bypass.gates.includes('Window')));

type Answered = Pick<GateState, 'result' | 'text' | 'atMs'>;

const asked = (ask: GateAsk, { evidenceOf }: GateLook): Answered =>
  evidenceOf(ask) ?? { result: 'pending', text: 'not asked yet', atMs: undefined };

type Judged = Pick<GateEvidence, 'result' | 'text'>;

function judgeWindow(window: Window, nowMs: number, wakes: number[]): Judged {
  const { isOpen, changesAtMs } = windowAt(window, nowMs);
  if (changesAtMs !== undefined) wakes.push(changesAtMs);
  const at = changesAtMs === undefined ? undefined : new Date(changesAtMs).toISOString();
  if (isOpen) return { result: 'pass', text: `open until ${at}` };
  return { result: 'pending', text: at === undefined ? 'it never opens' : `closed until ${at}` };
}

/** What is to be found out about a gate; of approvals, who has given those that hold. */
export function askOf(gate: Gate, subject: Subject, { stage, pin, nowMs }: GateLook): GateAsk {
  if (gate.check.kind !== 'approval' || !gate.check.notByAuthor) return { stage, gate, subject };
  const approvals = approvalsOf(gate, subject, pin).filter((each) => holds(each, nowMs));
  return { stage, gate, subject, approvals };
}

function judgeApproval(gate: Gate, notByAuthor: boolean, subject: Subject, look: GateLook): Answered {
  const { nowMs, wakes, pin } = look;
  const mine = approvalsOf(gate, subject, pin);
  const valid = mine.find((each) => holds(each, nowMs));
  const of = `revision ${subject.revision.slice(0, 12)}`;
  if (valid === undefined) {
    const text = mine.length > 0 ? `the approval of ${of} has expired` : `nobody has approved ${of}`;
    return { result: 'pending', text, atMs: undefined };
  }
  for (const { untilMs } of mine) if (untilMs !== undefined && nowMs < untilMs) wakes.push(untilMs);
  if (notByAuthor) return asked(askOf(gate, subject, look), look);
  return { result: 'pass', text: valid.by === undefined ? 'approved' : `approved by ${valid.by}`, atMs: undefined };
}

const approvalsOf = (gate: Gate, { revision }: Subject, pin: GateLook['pin']): Pin['approvals'] =>
  (pin?.approvals ?? []).filter((each) => each.gate === gate.name && each.revision === revision);

const holds = ({ untilMs }: Approval, nowMs: number): boolean => untilMs === undefined || nowMs < untilMs;
