/** The commit that copies fields into a folder; on the way back it also writes down what was bad. */

import { copiedTo } from '../../core/copying/copied.ts';
import { describeRefusal } from '../../core/copying/folder.ts';
import { at, isObject, textOf } from '../../core/json/value.ts';
import type { CommitSha } from '../../core/model/id.ts';
import type { Placement } from '../../core/model/placement.ts';
import type { Route } from '../../core/promotion/subject.ts';
import { readManifests } from '../../core/yaml/read.ts';
import { spliceItem } from '../../core/yaml/splice-item.ts';
import type { Folders } from './folders.ts';
import type { CopyingStage } from './promotable-stage.ts';

export type ChangedFiles =
  | { readonly kind: 'changed'; readonly files: ReadonlyMap<string, string | undefined> }
  /** A person has to. */
  | { readonly kind: 'refused'; readonly reason: string };

export type CopyChangeDeps = {
  readonly folders: Folders;
  /** A file of the head. */
  readonly textOf: (path: string) => Promise<string | undefined>;
};

/** Shape: on the way back `to` is a commit at which the folder itself was good. Errors: FaultError. */
export async function copiedChange(
  { copy, of }: CopyingStage,
  { kind, from, to }: Route,
  head: CommitSha,
  { folders, textOf: read }: CopyChangeDeps,
  signal: AbortSignal,
): Promise<ChangedFiles> {
  const isReturn = kind === 'revert';
  const source = await folders.at(to, isReturn ? copy.to : copy.from.path, copy, signal);
  const target = await folders.at(head, copy.to, copy, signal);
  if (source === undefined || target === undefined) return refuse('the revision cannot be read');
  const copied = copiedTo(copy, source, target, { isReturn });
  if (copied.kind === 'refused') return refuse(describeRefusal(copied));
  if (copied.files.size === 0) return refuse(`${copy.to} holds it already`);
  if (!isReturn || from === undefined) return { kind: 'changed', files: copied.files };
  const { path } = copy.origin;
  const text = copied.files.get(path) ?? (await read(path));
  const document = text === undefined ? -1 : documentOf(of, path, text);
  if (text === undefined || document === -1) return refuse(`${path} holds no Placement ${of.id} that can be read`);
  const marked = spliceItem(text, copy.quarantine, from, document);
  if (marked.kind === 'refused') return refuse(`${path}: ${marked.message}`);
  return { kind: 'changed', files: new Map(copied.files).set(path, marked.text) };
}

const refuse = (reason: string): ChangedFiles => ({ kind: 'refused', reason });

function documentOf({ id }: Placement, path: string, text: string): number {
  return readManifests(path, text).documents.findIndex(({ value }) => {
    const metadata = isObject(value.metadata) ? value.metadata : {};
    const namespace = textOf(at(metadata, 'namespace')) ?? 'default';
    return value.kind === 'Placement' && `${namespace}/${textOf(at(metadata, 'name'))}` === id;
  });
}
