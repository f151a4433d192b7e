/** A document that is meant to be an object of the Kubernetes API. */
import { isObject, type JsonObject, textOf, withFields } from '../json/value.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import type { DeclaredObject } from '../model/intent.ts';
import { isKubeObject } from '../model/object.ts';
import type { Origin } from '../model/source.ts';

/** What the server writes; it refuses or ignores them in a manifest that was taken from a live cluster. */
const serverFields = [
  'creationTimestamp',
  'managedFields',
  'uid',
  'resourceVersion',
  'generation',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];

// A name is part of a path of the API and of our keys.
const unsafeName = /[/%]|^\.{1,2}$/;

export function declaredObject(value: JsonObject, origin: Origin): Findings<DeclaredObject | undefined> {
  const problem = problemOf(value);
  if (problem !== undefined) return { value: undefined, diagnostics: [{ severity: 'error', origin, ...problem }] };
  const object = withFields(value, { metadata: cleanMetadata(value) });
  return { value: isKubeObject(object) ? { object, origin } : undefined, diagnostics: [] };
}

function cleanMetadata(value: JsonObject): JsonObject {
  const metadata = isObject(value.metadata) ? value.metadata : {};
  const nulls = Object.entries(metadata).filter(([, part]) => part === null);
  return withFields(
    metadata,
    Object.fromEntries([...serverFields, ...nulls.map(([name]) => name)].map((field) => [field, undefined])),
  );
}

type Problem = Pick<Diagnostic, 'code' | 'message' | 'hint'>;

function problemOf(value: JsonObject): Problem | undefined {
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== 'string' || apiVersion === '')
    return { code: 'A1301', message: 'this document has no `apiVersion`', ...notAnObject };
  if (typeof kind !== 'string' || kind === '')
    return { code: 'A1302', message: 'this document has no `kind`', ...notAnObject };
  if (apiVersion.startsWith('kustomize.config.k8s.io/')) {
    return {
      code: 'A1305',
      message: 'a kustomization is not an object of the API',
      hint: 'commit what `kustomize build` prints',
    };
  }
  const name = textOf(isObject(metadata) ? metadata.name : undefined);
  if (name === undefined || name === '') return nameProblem(kind, metadata);
  if (unsafeName.test(name))
    return { code: 'A1304', message: `${JSON.stringify(name)} cannot be the name of an object` };
  const namespace = isObject(metadata) ? (metadata.namespace ?? '') : '';
  if (typeof namespace !== 'string')
    return { code: 'A1304', message: `the namespace of ${kind} ${name} must be a string` };
  if (unsafeName.test(namespace))
    return { code: 'A1304', message: `${JSON.stringify(namespace)} cannot be a namespace` };
  return undefined;
}

const notAnObject = { hint: 'only objects of the Kubernetes API belong here; move other files elsewhere' };

function nameProblem(kind: string, metadata: unknown): Problem {
  const isGenerated = isObject(metadata) && metadata.generateName !== undefined;
  if (isGenerated)
    return {
      code: 'A1303',
      message: `${kind} has \`generateName\``,
      hint: 'give `metadata.name`: what has no fixed name cannot be kept in step',
    };
  return { code: 'A1303', message: `${kind} has no \`metadata.name\`` };
}
