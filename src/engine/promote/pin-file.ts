/** The file of a Pin, moved: its revision changes, a bypass of the old one goes, and what a person wrote around stays. */
import type { CommitSha } from '../../core/model/id.ts';
import type { Pin } from '../../core/model/placement.ts';
import { pinNameOf, pinPathOf, type Subject } from '../../core/promotion/subject.ts';
import { formatYaml } from '../../core/yaml/format.ts';
import { readManifests } from '../../core/yaml/read.ts';
import { spliceScalar } from '../../core/yaml/splice.ts';
import { spliceItem } from '../../core/yaml/splice-item.ts';
import { spliceValue } from '../../core/yaml/splice-value.ts';
import { pinIn } from './past-pins.ts';

export type PinMove = {
  readonly to: CommitSha;
  /** Goes into quarantine. */
  readonly failing: CommitSha | undefined;
};

export type MovedFile =
  | { readonly kind: 'moved'; readonly path: string; readonly text: string }
  /** A person has to move it. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Where the Pin is, or is to be. `root`: the folder of the repository that is read. */
export const pathOfPin = (subject: Subject, pin: Pin | undefined, root: string): string =>
  pin?.origin.path ?? (root === '' ? pinPathOf(subject) : `${root}/${pinPathOf(subject)}`);

/** Shape: `text` is the file as it is; undefined when there is none yet. */
export function movedPin(
  subject: Subject,
  path: string,
  text: string | undefined,
  { to, failing }: PinMove,
): MovedFile {
  if (text === undefined) return { kind: 'moved', path, text: newPin(subject, to) };
  // Comments and nothing else, as an example leaves them.
  if (isEmpty(path, text))
    return { kind: 'moved', path, text: `${text.trimEnd()}\n${newPin(subject, to)}`.trimStart() };
  const pin = pinIn(subject, path, text);
  if (pin === undefined)
    return { kind: 'refused', reason: `${path} holds no Pin ${pinNameOf(subject).name} that can be read` };
  const moved = spliceScalar(text, ['spec', 'revision'], to, pin.document);
  // A bypass was for the revision that goes: the next one has to pass all gates again.
  const bare = moved.kind === 'refused' ? moved : spliceValue(moved.text, ['spec', 'bypass'], undefined, pin.document);
  const marked =
    bare.kind === 'refused' || failing === undefined
      ? bare
      : spliceItem(bare.text, ['spec', 'quarantined'], failing, pin.document);
  if (marked.kind === 'refused') return { kind: 'refused', reason: `${path}: ${marked.message}` };
  const after = pinIn(subject, path, marked.text);
  const isRight = after?.revision === to && (failing === undefined || after.quarantined.includes(failing));
  if (!isRight) return { kind: 'refused', reason: `${path} cannot be changed in this one place` };
  return { kind: 'moved', path, text: marked.text };
}

function isEmpty(path: string, text: string): boolean {
  const { documents, problems } = readManifests(path, text);
  return documents.length === 0 && problems.length === 0;
}

function newPin(subject: Subject, revision: CommitSha): string {
  return formatYaml({
    apiVersion: 'landfall.dev/v1alpha1',
    kind: 'Pin',
    metadata: { ...pinNameOf(subject) },
    spec: { revision },
  });
}
