/** Components and traits of somebody's own definitions, which are programs in CUE: they are not run here. */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Origin } from '../../model/source.ts';
import type { Files } from '../files.ts';
import { nearest } from '../nearest.ts';
import { kindOfDocument } from '../placed.ts';
import { caution, problem } from './problem.ts';

type Kind = 'ComponentDefinition' | 'TraitDefinition';

/** Where a definition lies in this repository; undefined where it does not. */
export type Definitions = (kind: Kind, name: string) => Origin | undefined;

export function definitionsIn(files: Files): Definitions {
  const found = new Map<string, Origin>();
  for (const { document, origin } of files.all.flatMap(files.documentsOf)) {
    const { group, kind, name } = kindOfDocument(document);
    if (group === 'core.oam.dev' && kind.endsWith('Definition')) found.set(`${kind}/${name}`, origin);
  }
  return (kind, name) => found.get(`${kind}/${name}`);
}

const wayOut =
  'print once what it makes with `vela dry-run -f`, and commit that: as a `k8s-objects` component here, or as plain manifests; what runs is kept until then';

/** `known`: types that are made here. */
export function unknownComponent(
  { name, type, origin }: { readonly name: string; readonly type: string; readonly origin: Origin },
  known: readonly string[],
  definitions: Definitions,
): Diagnostic {
  const whose = whoseOf('ComponentDefinition', type, definitions);
  return problem('A1510', origin, `component ${name} has the unknown type ${type}${whose}`, hintOf(type, known, whose));
}

export function unknownTrait(
  type: string,
  origin: Origin,
  known: readonly string[],
  definitions: Definitions,
): Diagnostic {
  const whose = whoseOf('TraitDefinition', type, definitions);
  return problem('A1511', origin, `unknown trait ${type}${whose}`, hintOf(type, known, whose));
}

/** A type that is made here as KubeVela makes it, though the repository defines it in its own way. */
export function redefined(kind: Kind, type: string, origin: Origin, definitions: Definitions): readonly Diagnostic[] {
  const own = definitions(kind, type);
  if (own === undefined) return [];
  const message = `${type} is made as KubeVela’s own definition says, not as ${kind} ${type} (${own.path}:${own.line})`;
  return [
    caution('A1532', origin, message, 'where that says something else, give it another name, and commit what it makes'),
  ];
}

function whoseOf(kind: Kind, type: string, definitions: Definitions): string {
  const origin = definitions(kind, type);
  return origin === undefined
    ? ''
    : `: ${kind} ${type} (${origin.path}:${origin.line}) is a program in CUE, which is not run`;
}

function hintOf(type: string, known: readonly string[], whose: string): string {
  const guess = nearest(type, known);
  return guess === undefined || whose !== '' ? wayOut : `did you mean \`${guess}\`?`;
}
