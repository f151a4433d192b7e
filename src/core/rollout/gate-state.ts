/** How gates stand: what was found out about them, as data, and what is still to be found out. */
import { digestOf, digestOfText } from '../json/digest.ts';
import type { Approval, Gate, GateCheck } from '../model/gate.ts';
import type { CommitSha, Digest } from '../model/id.ts';

/** Pending: not yet. Unknown: nobody can say, which is no pass either. */
export type GateResult = 'pass' | 'fail' | 'pending' | 'unknown';

/** Of one gate, for one revision and content of an App. */
export type GateEvidence = { readonly result: GateResult; readonly text: string; readonly atMs: number };

/** What goes through gates: an App's content, as a revision has it. */
export type Subject = { readonly revision: CommitSha; readonly intent: Digest };

/** A gate that somebody has to look at. */
export type GateAsk = {
  readonly stage: string;
  readonly gate: Gate;
  readonly subject: Subject;
  /** Of a gate that asks who has given them: those that hold now. */
  readonly approvals?: readonly Approval[];
};

export type GateState = {
  /** `Evidence`, `Soak`, `Freeze`, or the name of a gate of the stage. */
  readonly gate: string;
  readonly kind: GateCheck['kind'] | 'evidence' | 'soak' | 'freeze';
  readonly result: GateResult;
  /** For people; never empty. */
  readonly text: string;
  /** When it was found out; undefined for what is so at any moment. */
  readonly atMs: number | undefined;
  /** It holds nothing up, whatever it says. */
  readonly isBypassed: boolean;
};

/** Equal for two asks that have one answer. The App and its placement go without saying. */
export const askKey = ({ stage, gate, subject, approvals = [] }: GateAsk): string =>
  [
    ...[stage, gate.name, subject.revision, subject.intent, checkKey(gate.check)],
    ...approvals.map((each) => digestOfText(JSON.stringify(each))),
  ].join(' ');

const checkKeys = new WeakMap<GateCheck, string>();

/** Another for a check that asks for something else; what a commit leaves as it was keeps its answer. */
function checkKey(check: GateCheck): string {
  const known = checkKeys.get(check);
  if (known !== undefined) return known;
  const key =
    check.kind === 'job'
      ? digestOf(['job', check.cluster, check.timeoutMs, check.manifest ?? null])
      : digestOfText(JSON.stringify(check));
  checkKeys.set(check, key);
  return key;
}

export const isOpen = ({ result, isBypassed }: GateState): boolean => isBypassed || result === 'pass';

/** Why a gate holds up, in one line; the same words for a status, a plan and an explanation. */
export function describeGate({ gate, result, text, kind }: GateState): string {
  if (kind === 'evidence' || kind === 'soak' || kind === 'freeze') return text;
  return result === 'fail' ? `gate ${gate} failed: ${text}` : `waits for gate ${gate}: ${text}`;
}
