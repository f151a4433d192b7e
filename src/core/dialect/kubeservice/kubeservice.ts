/** The dialect of KubeService and KubeServiceManager: Apps of microservices, each on the cluster that it names. */
import { digestOf } from '../../json/digest.ts';
import { isObject, textOf, withFields } from '../../json/value.ts';
import { nothingDeclared } from '../../model/declarations.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import { appId, digest } from '../../model/id.ts';
import type { Intent, Part } from '../../model/intent.ts';
import type { Declared, Dialect, DialectInput } from '../dialect.ts';
import type { Files } from '../files.ts';
import { Identity } from '../native/field.ts';
import { readNative } from '../native/read.ts';
import { nearest } from '../nearest.ts';
import { kindOfDocument, originAt, type Placed } from '../placed.ts';
import { placedOn } from '../placed-on.ts';
import { unknownFields } from '../unknown-field.ts';
import { classesOf } from './ingress.ts';
import { partsOf } from './micro-service.ts';
import { optionsOf } from './options.ts';
import { App, MicroService, schemas } from './schema.ts';
import { labelPrefix, type Subject } from './subject.ts';

export const kubeservice: Dialect = { name: 'kubeservice', claims: (group) => group === labelPrefix, read };

function read({ files, claimed }: DialectInput): Findings<Declared> {
  const found = claimed.map((placed) => readOne(placed, files));
  const intents = found.flatMap(({ value }) => (value === undefined ? [] : [value]));
  return {
    value: {
      ...nothingDeclared,
      intents,
      placements: intents.map((intent) => placedOn(intent)),
      componentPaths: [],
      // What has no name may be any of those that are missing now.
      isComplete: found.every(({ value }) => value !== undefined),
    },
    diagnostics: found.flatMap(({ diagnostics }) => diagnostics),
  };
}

function readOne(placed: Placed, files: Files): Findings<Intent | undefined> {
  const { kind } = kindOfDocument(placed.document);
  if (kind !== 'App' && kind !== 'MicroService') return { value: undefined, diagnostics: [unknownKind(kind, placed)] };
  const identity = Identity.safeParse(placed.document.value.metadata);
  if (!identity.success) return { value: undefined, diagnostics: readNative(schemas[kind], placed).diagnostics };
  const { value: subjects, diagnostics } = kind === 'App' ? subjectsOfApp(placed) : subjectOfMicroService(placed);
  const options = optionsOf(placed, annotationsOf(placed), files);
  const parts = subjects.map((subject) => partsOf(subject, options.value));
  const problems = [
    ...unknownFields('A1600', schemas[kind], placed),
    ...diagnostics,
    ...options.diagnostics,
    ...parts.flatMap((part) => part.diagnostics),
  ];
  const intent = intentOf(
    placed,
    identity.data,
    parts.flatMap(({ value }) => value),
    problems.some(isBreaking),
  );
  return { value: intent, diagnostics: problems };
}

/** A canary that cannot be made is left out; any other error leaves everything as it is. */
const isBreaking = (diagnostic: Diagnostic): boolean => isError(diagnostic) && diagnostic.code !== 'A1602';

function subjectsOfApp(placed: Placed): Findings<readonly Subject[]> {
  const { value: app, diagnostics } = readNative(App, placed);
  if (app === undefined) return { value: [], diagnostics };
  const { metadata, spec } = app;
  const names = spec.microServices.map(({ name }) => name);
  const doubles = names.flatMap((name, index): readonly Diagnostic[] => {
    if (names.indexOf(name) === index) return [];
    const origin = originAt(placed, ['spec', 'microServices', index, 'name']);
    return [{ code: 'A1610', severity: 'error', origin, message: `two microservices are named ${excerpt(name)}` }];
  });
  const subjects = spec.microServices.map(
    ({ name, spec: own = { versions: [] } }, index): Subject => ({
      placed,
      path: ['spec', 'microServices', index, 'spec'],
      name: `${metadata.name}-${name}`,
      namespace: metadata.namespace,
      labels: { ...metadata.labels, [`${labelPrefix}/app`]: metadata.name },
      spec: own,
    }),
  );
  return { value: subjects, diagnostics: doubles };
}

function subjectOfMicroService(placed: Placed): Findings<readonly Subject[]> {
  const { value: given, diagnostics } = readNative(MicroService, placed);
  if (given === undefined) return { value: [], diagnostics };
  const { name, namespace, labels } = given.metadata;
  return { value: [{ placed, path: ['spec'], name, namespace, labels, spec: given.spec }], diagnostics: [] };
}

function annotationsOf({ document }: Placed): Readonly<Record<string, string>> {
  const metadata = isObject(document.value.metadata) ? document.value.metadata : {};
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
  return Object.fromEntries(
    Object.entries(annotations).flatMap(([key, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

/** Shape: objects of these manifests were made by the old operator, or by nobody: both are taken over. */
function intentOf(
  placed: Placed,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  parts: readonly Part[],
  isBroken: boolean,
): Intent {
  return {
    id: appId(namespace, name),
    repository: placed.origin.repository,
    origin: placed.origin,
    parts,
    variants: classesOf(placed.origin, parts),
    variables: {},
    dependsOn: [],
    ignore: [],
    movedFrom: [],
    adopt: ['kubeservice'],
    isSuspended: false,
    isBroken,
    digest: digest(digestOf(withFields(placed.document.value, { status: undefined }))),
  };
}

function unknownKind(kind: string, placed: Placed): Diagnostic {
  const guess = nearest(kind, Object.keys(schemas));
  return {
    code: 'A1104',
    severity: 'error',
    origin: originAt(placed, ['kind']),
    message: `${labelPrefix} has no kind ${excerpt(kind)}`,
    hint: guess === undefined ? `its kinds are ${Object.keys(schemas).join(', ')}` : `did you mean \`${guess}\`?`,
  };
}
