/** The native App: components, and what differs on some clusters. */
import type { z } from 'zod';
import { digestOf, digestOfText } from '../../json/digest.ts';
import { parsePointer } from '../../json/pointer.ts';
import { isObject, type JsonObject } from '../../json/value.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import { appId, digest } from '../../model/id.ts';
import { type Intent, isReleasable, type Part } from '../../model/intent.ts';
import { brokenIntent } from '../broken-intent.ts';
import { type Files, problemsOf } from '../files.ts';
import { originAt, type Placed } from '../placed.ts';
import { filesIn } from '../tool-source.ts';
import { componentPathsOf, componentProblems, readPart } from './component.ts';
import { targetOf } from './matching.ts';
import { readNative } from './read.ts';
import { App } from './schema/app.ts';
import { readVariant } from './variant.ts';

type Spec = z.output<typeof App>['spec'];

/** Shape: an intent with `isBroken` when anything of it is wrong, so that what runs is kept. */
export function readApp(placed: Placed, files: Files): Findings<Intent> {
  const { value: app, diagnostics } = readNative(App, placed);
  if (app === undefined)
    return { value: brokenIntent(placed), diagnostics: [...diagnostics, ...unreadUnder(placed, files)] };
  const { metadata, spec } = app;
  const parts = spec.components.map((component, index) => readPart(component, index, placed, files));
  const variants = spec.variants.map((variant, index) => readVariant(variant, index, placed));
  const problems = [
    ...[...parts, ...variants].flatMap((part) => part.diagnostics),
    ...componentProblems(spec.components, placed),
    ...ignoreProblems(spec, placed),
  ];
  const intent: Intent = {
    id: appId(metadata.namespace, metadata.name),
    repository: placed.origin.repository,
    origin: placed.origin,
    parts: parts.map((part) => part.value),
    variants: variants.map(({ value }) => value),
    variables: spec.variables,
    dependsOn: spec.dependsOn.map(({ name, namespace, scope }, index) => ({
      app: appId(namespace ?? metadata.namespace, name),
      scope,
      origin: originAt(placed, ['spec', 'dependsOn', index]),
    })),
    ignore: spec.ignore.map(({ target, paths }) => ({ target: targetOf(target), paths })),
    movedFrom: spec.movedFrom.map(({ name, namespace }) => appId(namespace ?? metadata.namespace, name)),
    adopt: spec.adopt,
    isSuspended: spec.suspend,
    isBroken: problems.some(isError),
    digest: digest(
      contentDigest(
        placed,
        spec,
        parts.map(({ value }) => value),
        files,
      ),
    ),
  };
  return { value: intent, diagnostics: problems };
}

/** Where it runs, when it moved here and whether it is suspended are not content: evidence survives their change. */
function contentDigest(placed: Placed, spec: Spec, parts: readonly Part[], files: Files): string {
  const { suspend: _suspend, movedFrom: _movedFrom, adopt: _adopt, ...content } = specOf(placed);
  const read = spec.components.flatMap(({ path }) => (path === undefined ? [] : files.under(path)));
  const made = parts.flatMap(({ source }) => (source.kind === 'tool' ? filesIn(source.tool) : []));
  const refs = made.map(({ path, oid }) => `${path} ${oid}`);
  return digestOfText([digestOf(content), ...read.map((file) => files.contentOf(file)), ...refs].join('\n'));
}

function specOf(placed: Placed): JsonObject {
  const { spec } = placed.document.value;
  return isObject(spec) ? spec : {};
}

/** What says which object it is cannot be left to others. */
function ignoreProblems({ ignore }: Spec, placed: Placed): readonly Diagnostic[] {
  return ignore.flatMap(({ paths }, index) =>
    paths.flatMap((path, at): readonly Diagnostic[] => {
      const pointer = parsePointer(path);
      if (pointer !== undefined && isReleasable(pointer)) return [];
      const origin = originAt(placed, ['spec', 'ignore', index, 'paths', at]);
      const message =
        pointer === undefined
          ? `${excerpt(path)} is no JSON pointer`
          : `${excerpt(path)} says which object it is, and cannot be left to others`;
      const hint = pointer === undefined ? { hint: 'a slash inside of a name is written ~1, a tilde ~0' } : {};
      return [{ code: 'A1107', severity: 'error', origin, message, ...hint }];
    }),
  );
}

/** What it names is its own, so nobody else tells that it cannot be read. */
function unreadUnder(placed: Placed, files: Files): readonly Diagnostic[] {
  const paths = componentPathsOf(placed.document.value.spec);
  return paths.flatMap((path) => files.under(path)).flatMap((file) => problemsOf(file, placed.origin.repository));
}
