/** What a native stage has copied into its folder, and what can be told of it at once. */
import type { z } from 'zod';
import { parsePointer, valueAt } from '../../json/pointer.ts';
import { isArray, isObject, type Json } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { CopiedField, FieldCopy } from '../../model/field-copy.ts';
import { commitSha } from '../../model/id.ts';
import { locate, type Path } from '../../model/locate.ts';
import type { Document, Origin } from '../../model/source.ts';
import { cleanPath, type Files } from '../files.ts';
import { originAt, type Placed } from '../placed.ts';
import type { Copy as Schema } from './schema/field-copy.ts';

type Written = z.output<typeof Schema>;

type Stage = { readonly name: string; readonly revision: 'Head' | 'Pinned'; readonly placement: string };

/** `path`: of the copy in its document. Shape: errors only where nobody can say what is meant; else warnings. */
export function readFieldCopy(
  written: Written,
  path: Path,
  stage: Stage,
  placed: Placed,
  files: Files,
): Findings<FieldCopy> {
  const { from, to, fields, prune, quarantined } = written;
  const at = (...steps: Path): Origin => originAt(placed, [...path, ...steps]);
  const space = stage.placement.slice(0, stage.placement.indexOf('/'));
  const copy: FieldCopy = {
    origin: at(),
    from: {
      placement:
        from.placement === undefined && from.namespace === undefined
          ? stage.placement
          : `${from.namespace ?? space}/${from.placement ?? stage.placement.slice(space.length + 1)}`,
      stage: from.stage,
      path: cleanPath(from.path),
    },
    to: cleanPath(to.path),
    fields: fields.map((field, index) => fieldOf(field, at('fields', index))),
    files: written.files.map((pattern, index) => ({ origin: at('files', index), pattern })),
    isPruning: prune,
    quarantined: quarantined.map(commitSha),
    quarantine: [...path, 'quarantined'].map(String),
  };
  const errors = [...mistakes(copy, stage), ...outside(written, at)];
  return { value: copy, diagnostics: errors.length > 0 ? errors : doubts(copy, files) };
}

function fieldOf({ file = '', target, path, image }: Written['fields'][number], origin: Origin): CopiedField {
  return {
    origin,
    file: cleanPath(file),
    document: target === undefined ? undefined : { kind: target.kind, name: target.name },
    what:
      image === undefined ? { kind: 'value', path: parsePointer(path ?? '') ?? [] } : { kind: 'image', name: image },
  };
}

function mistakes({ origin, from, to }: FieldCopy, stage: Stage): readonly Diagnostic[] {
  const error = (message: string, hint: string): Diagnostic => ({
    code: 'A1229',
    severity: 'error',
    origin,
    message,
    hint,
  });
  if (stage.revision === 'Pinned')
    return [error(`stage ${stage.name} runs what its Pin names`, 'leave out `copy`, or `revision: Pinned`')];
  if (from.placement === stage.placement && (from.stage === undefined || from.stage === stage.name))
    return [error(`stage ${stage.name} cannot show itself what is good`, 'name another stage, or another Placement')];
  const isInside = from.path === to || from.path.startsWith(`${to}/`) || to.startsWith(`${from.path}/`);
  return isInside ? [error(`${excerpt(to)} and ${excerpt(from.path)} lie in each other`, 'name two folders')] : [];
}

function outside({ from, to }: Written, at: (...steps: Path) => Origin): readonly Diagnostic[] {
  const written = [
    { path: from.path, origin: at('from', 'path') },
    { path: to.path, origin: at('to', 'path') },
  ];
  return written.flatMap(({ path, origin }): readonly Diagnostic[] => {
    if (!path.startsWith('/') && !path.split('/').includes('..')) return [];
    const hint = "paths start at the repository's root and stay inside it";
    return [
      { code: 'A1204', severity: 'error', origin, message: `${excerpt(path)} leads out of the repository`, hint },
    ];
  });
}

/** Nothing is copied while these hold; the stage itself goes on. */
function doubts(copy: FieldCopy, files: Files): readonly Diagnostic[] {
  const sides = [
    { path: copy.from.path, isSource: true },
    { path: copy.to, isSource: false },
  ];
  return sides.flatMap(({ path, isSource }): readonly Diagnostic[] => {
    if (files.treeUnder(path).length === 0) return [doubt(copy.origin, `there is nothing at ${excerpt(path)}`)];
    return copy.fields.flatMap((field) => {
      const found = doubtOf(field, cleanPath(`${path}/${field.file}`), isSource, files);
      return found === undefined ? [] : [found];
    });
  });
}

const doubt = (origin: Origin, message: string, hint?: string): Diagnostic => ({
  code: 'A1230',
  severity: 'warning',
  origin,
  message: `nothing is copied: ${message}`,
  ...(hint === undefined ? {} : { hint }),
});

function doubtOf(field: CopiedField, path: string, isSource: boolean, files: Files): Diagnostic | undefined {
  const { origin, document: wanted, what } = field;
  const [file] = files.under(path);
  if (file?.path !== path) return doubt(origin, `there is no file ${excerpt(path)} that can be read`);
  const [problem] = file.problems;
  if (problem !== undefined) return doubt({ ...origin, path, ...placeOf(problem) }, problem.message, problem.hint);
  const [document, other] = file.documents.filter((each) => isMeant(each, wanted));
  if (document === undefined) return doubt(origin, `${excerpt(path)} holds no document that is meant`);
  if (other !== undefined) {
    const hint = 'say which by `target`';
    return doubt(origin, `${excerpt(path)} holds more than one document that is meant`, hint);
  }
  if (!isSource) return undefined;
  if (what.kind === 'value') {
    if (valueAt(document.value, what.path) !== undefined) return undefined;
    const place = locate(document, what.path);
    return doubt({ ...origin, path, ...place }, `there is no ${excerpt(what.path.map((step) => `/${step}`).join(''))}`);
  }
  const { images } = document.value;
  const hasImage = isArray(images) && images.some((image: Json) => isObject(image) && image.name === what.name);
  if (hasImage) return undefined;
  return doubt({ ...origin, path, ...locate(document, ['images']) }, `\`images\` has no entry ${excerpt(what.name)}`);
}

const placeOf = ({ line, column }: { readonly line: number; readonly column: number }) => ({ line, column });

function isMeant({ value }: Document, wanted: CopiedField['document']): boolean {
  const name = isObject(value.metadata) ? value.metadata.name : undefined;
  const isKind = wanted?.kind === undefined || value.kind === wanted.kind;
  return isKind && (wanted?.name === undefined || name === wanted.name);
}
