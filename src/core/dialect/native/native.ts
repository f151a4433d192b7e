/** The dialect of the native manifests. */
import { type Declarations, joinDeclarations, nothingDeclared } from '../../model/declarations.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { Declared, Dialect, DialectInput } from '../dialect.ts';
import { type Files, nativeGroup } from '../files.ts';
import { nearest } from '../nearest.ts';
import { kindOfDocument, originAt, type Placed } from '../placed.ts';
import { readApp } from './app.ts';
import { readCluster } from './cluster.ts';
import { componentPathsOf } from './component.ts';
import { Identity } from './field.ts';
import { gatePathsOf, readPlacement } from './placement.ts';
import { readAcknowledgement, readFreeze, readPin, readTenant } from './policy.ts';
import { provisionOf } from './provision.ts';
import { readNative } from './read.ts';
import { type NativeKind, schemas } from './schema.ts';
import { readSimulation } from './simulation.ts';
import { toolPathsOf } from './tool-component.ts';

export const native: Dialect = { name: 'native', claims: (group) => group === nativeGroup, read };

type Part = Findings<Partial<Declarations>>;

const readers: Readonly<Record<NativeKind, (placed: Placed, files: Files) => Part>> = {
  App: (placed, files) => only('intents', readApp(placed, files)),
  Placement: (placed, files) => only('placements', readPlacement(placed, files)),
  Cluster: (placed) => only('clusters', readCluster(placed)),
  Pin: (placed) => only('pins', readPin(placed)),
  Freeze: (placed) => only('freezes', readFreeze(placed)),
  Tenant: (placed) => withProvision(readTenant(placed)),
  Acknowledgement: (placed) => only('acknowledgements', readAcknowledgement(placed)),
  // It declares nothing, so that one that cannot be read hides nothing either.
  Simulation: (placed) => ({ value: nothingDeclared, diagnostics: readSimulation(placed).diagnostics }),
};

function only<Field extends keyof Declarations>(
  field: Field,
  { value, diagnostics }: Findings<Declarations[Field][number] | undefined>,
): Part {
  return { value: value === undefined ? {} : { [field]: [value] }, diagnostics };
}

function withProvision({ value, diagnostics }: ReturnType<typeof readTenant>): Part {
  return { value: value === undefined ? {} : { tenants: [value], ...provisionOf(value) }, diagnostics };
}

function read({ files, claimed }: DialectInput): Findings<Declared> {
  const parts = claimed.map((placed) => readOne(placed, files));
  const declarations = joinDeclarations(parts.map(({ value }) => ({ ...nothingDeclared, ...value })));
  // A broken App or Placement is still declared, so its name is known; of anything else we lost what it said.
  const isComplete = parts.every(
    ({ value, diagnostics }) => !diagnostics.some(isError) || Object.keys(value).length > 0,
  );
  const apps = claimed.filter(({ document }) => kindOfDocument(document).kind === 'App');
  const placements = claimed.filter(({ document }) => kindOfDocument(document).kind === 'Placement');
  const tools = apps.map((placed) => toolPathsOf(placed, files));
  const componentPaths = [
    ...claimed.flatMap(({ document }) => componentPathsOf(document.value.spec)),
    ...tools.flatMap((each) => each.claimed),
    ...placements.flatMap(({ document }) => gatePathsOf(document.value.spec)),
  ];
  const toolPaths = tools.flatMap(({ toolOnly }) => toolOnly);
  return {
    value: { ...declarations, componentPaths, toolPaths, isComplete },
    diagnostics: parts.flatMap((part) => part.diagnostics),
  };
}

function readOne(placed: Placed, files: Files): Part {
  const { kind } = kindOfDocument(placed.document);
  if (!isNativeKind(kind)) return { value: {}, diagnostics: [unknownKind(kind, placed)] };
  const { metadata } = placed.document.value;
  // A freeze holds by whatever name.
  if (kind === 'Freeze' || Identity.safeParse(metadata).success) return readers[kind](placed, files);
  // It may be any of those that are missing now, so it is none, and nothing is taken for removed.
  return { value: {}, diagnostics: readNative(schemas[kind], placed).diagnostics };
}

const isNativeKind = (kind: string): kind is NativeKind => Object.hasOwn(schemas, kind);

function unknownKind(kind: string, placed: Placed): Diagnostic {
  const guess = nearest(kind, Object.keys(schemas));
  return {
    code: 'A1104',
    severity: 'error',
    origin: originAt(placed, ['kind']),
    message: `${nativeGroup} has no kind ${excerpt(kind)}`,
    hint: guess === undefined ? `its kinds are ${Object.keys(schemas).join(', ')}` : `did you mean \`${guess}\`?`,
  };
}
