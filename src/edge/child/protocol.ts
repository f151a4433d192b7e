/** What goes between us and a child process, both ends being this program. */
import { type Fault, type FaultKind, faultRules } from '../../core/model/fault.ts';

export type Request =
  | { readonly kind: 'ask'; readonly id: number; readonly ask: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

export type Reply =
  /** Some of the answer, while the rest is being made. */
  | { readonly kind: 'part'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'fault'; readonly id: number; readonly fault: Fault }
  /** The input takes more memory than there is. */
  | { readonly kind: 'memory'; readonly id: number }
  | { readonly kind: 'bug'; readonly id: number; readonly message: string };

/** Checks the frame of a message; what it carries is its sender's and its reader's to agree on. */
export function isRequest(message: unknown): message is Request {
  return isFrame(message) && (message.kind === 'ask' || message.kind === 'cancel');
}

export function isReply(message: unknown): message is Reply {
  if (!isFrame(message)) return false;
  if (message.kind === 'bug') return typeof message.message === 'string';
  if (message.kind === 'fault') return isFault(message.fault);
  return message.kind === 'part' || message.kind === 'done' || message.kind === 'memory';
}

type Frame = { readonly kind: string; readonly id: number; readonly message?: unknown; readonly fault?: unknown };

function isFrame(message: unknown): message is Frame {
  if (typeof message !== 'object' || message === null) return false;
  return 'kind' in message && typeof message.kind === 'string' && 'id' in message && typeof message.id === 'number';
}

function isFault(value: unknown): value is Fault {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('detail' in value)) return false;
  return isFaultKind(value.kind) && typeof value.detail === 'string';
}

const isFaultKind = (kind: unknown): kind is FaultKind => typeof kind === 'string' && Object.hasOwn(faultRules, kind);
