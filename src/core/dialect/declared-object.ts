/** A document that is meant to be an object of the Kubernetes API. */
import { isObject, type Json, type JsonObject, withFields } from '../json/value.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import { excerpt } from '../model/excerpt.ts';
import type { DeclaredObject } from '../model/intent.ts';
import type { Path } from '../model/locate.ts';
import { isKubeObject } from '../model/object.ts';
import type { Origin } from '../model/source.ts';
import { slipOfObject } from './misspelt.ts';

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

/**
 * Checks what every object of the API has, and takes off what only the server writes.
 *
 * Shape: undefined with an error, or an object with none. `originAt` says where a part of `value` is written; the object's own
 *   place stands for it when absent. Only what would be mistaken by us, or silently by the server, is refused here.
 */
export function declaredObject(
  value: JsonObject,
  origin: Origin,
  originAt: (path: Path) => Origin = () => origin,
): Findings<DeclaredObject | undefined> {
  const problem = problemOf(value);
  if (problem !== undefined) {
    const { at, ...said } = problem;
    const diagnostic: Diagnostic = { severity: 'error', origin: at === undefined ? origin : originAt(at), ...said };
    return { value: undefined, diagnostics: [diagnostic] };
  }
  const object = withFields(value, { metadata: cleanMetadata(value) });
  return { value: isKubeObject(object) ? { object, origin } : undefined, diagnostics: [] };
}

function cleanMetadata(value: JsonObject): JsonObject {
  const metadata = isObject(value.metadata) ? value.metadata : {};
  // An empty namespace is none: the API's own readers cannot tell them apart.
  const empty = Object.entries(metadata).filter(
    ([name, part]) => part === null || (name === 'namespace' && part === ''),
  );
  return withFields(
    metadata,
    Object.fromEntries([...serverFields, ...empty.map(([name]) => name)].map((field) => [field, undefined])),
  );
}

type Problem = Pick<Diagnostic, 'code' | 'message' | 'hint'> & { readonly at?: Path };

function problemOf(value: JsonObject): Problem | undefined {
  return (
    slipProblem(value) ?? typeProblem(value) ?? encryptionProblem(value) ?? nameProblem(value) ?? textProblem(value)
  );
}

/** It would be another object, or one with another name. */
function slipProblem(value: JsonObject): Problem | undefined {
  const slip = slipOfObject(value);
  if (slip === undefined) return undefined;
  const { path, meant } = slip;
  const message = `unknown field ${excerpt(path.join('.'))}`;
  return { code: 'A1101', message, hint: `did you mean \`${meant}\`?`, at: path };
}

// What is part of paths and keys. A group is a DNS name, a version and a kind are labels.
const apiVersionShape = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const kindShape = /^[A-Za-z](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
const namespaceShape = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const unsafeName = /[/%\x00-\x1f\x7f]|^\.{1,2}$/;
const nameLengthMax = 253;

const notAnObject = { hint: 'only objects of the Kubernetes API belong here; move other files elsewhere' };

function typeProblem({ apiVersion, kind }: JsonObject): Problem | undefined {
  if (typeof apiVersion !== 'string' || apiVersion === '')
    return { code: 'A1301', message: 'there is no `apiVersion`', ...notAnObject };
  if (typeof kind !== 'string' || kind === '') return { code: 'A1302', message: 'there is no `kind`', ...notAnObject };
  if (apiVersion.startsWith('kustomize.config.k8s.io/')) {
    return {
      code: 'A1305',
      message: 'a kustomization is not an object of the API',
      hint: 'a component with `kustomize:` instead of `path:` is built with Kustomize',
    };
  }
  if (!apiVersionShape.test(apiVersion)) {
    const hint = 'it is a version, such as v1, or a group and a version, such as apps/v1';
    return { code: 'A1301', message: `${excerpt(apiVersion)} cannot be an \`apiVersion\``, hint, at: ['apiVersion'] };
  }
  if (!kindShape.test(kind)) return { code: 'A1302', message: `${excerpt(kind)} cannot be a \`kind\``, at: ['kind'] };
  return undefined;
}

function nameProblem({ kind, metadata }: JsonObject): Problem | undefined {
  if (metadata !== undefined && metadata !== null && !isObject(metadata))
    return { code: 'A1303', message: `\`metadata\` of ${String(kind)} must be an object`, at: ['metadata'] };
  const { name, namespace, generateName } = isObject(metadata) ? metadata : {};
  const at = ['metadata', 'name'];
  if (name === undefined || name === null || name === '') {
    const message = `${String(kind)} has no \`metadata.name\``;
    if (generateName === undefined) return { code: 'A1303', message };
    const hint = 'what has only a `generateName` cannot be kept in step: give it a `metadata.name`';
    return { code: 'A1303', message, hint };
  }
  if (typeof name !== 'string')
    return {
      code: 'A1304',
      message: `\`metadata.name\` of ${String(kind)} must be a string`,
      hint: 'put it in quotes',
      at,
    };
  if (unsafeName.test(name) || name.length > nameLengthMax)
    return { code: 'A1304', message: `${excerpt(name)} cannot be the name of an object`, at };
  const place = ['metadata', 'namespace'];
  if (namespace === undefined || namespace === null || namespace === '') return undefined;
  if (typeof namespace !== 'string') {
    const message = `\`metadata.namespace\` of ${String(kind)} ${name} must be a string`;
    return { code: 'A1304', message, hint: 'put it in quotes', at: place };
  }
  if (namespaceShape.test(namespace)) return undefined;
  return {
    code: 'A1304',
    message: `${excerpt(namespace)} cannot be the namespace of ${String(kind)} ${name}`,
    at: place,
  };
}

/** What SOPS wrote is no object: a cluster that took it would hold ciphertext as if it were the secret. */
function encryptionProblem({ kind, metadata, sops }: JsonObject): Problem | undefined {
  if (!isObject(sops) || typeof sops.mac !== 'string') return undefined;
  const name = isObject(metadata) && typeof metadata.name === 'string' ? ` ${metadata.name}` : '';
  const message = `${String(kind)}${name} is encrypted with SOPS, and is not decrypted here`;
  const hint =
    'the settings name the file with the age identity that decrypts it: `sops.identityFile`; `build` and `check` take them by `--config`, or the file by SOPS_AGE_KEY_FILE';
  return { code: 'A1330', message, hint, at: ['sops'] };
}

/** Maps from text to text, where the server drops or refuses anything else: by kind, and for all. */
const textMaps: Readonly<Record<string, readonly Path[]>> = {
  'v1/ConfigMap': [['data'], ['binaryData']],
  'v1/Secret': [['data'], ['stringData']],
};

function textProblem(value: JsonObject): Problem | undefined {
  const type = `${String(value.apiVersion)}/${String(value.kind)}`;
  const own = Object.hasOwn(textMaps, type) ? (textMaps[type] ?? []) : [];
  for (const path of [['metadata', 'labels'], ['metadata', 'annotations'], ...own]) {
    const problem = textMapProblem(value, path);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function textMapProblem(value: JsonObject, path: Path): Problem | undefined {
  const map = path.reduce<Json | undefined>((part, step) => (isObject(part) ? part[step] : undefined), value);
  if (map === undefined || map === null) return undefined;
  const where = path.join('.');
  if (!isObject(map)) return { code: 'A1306', message: `\`${where}\` must be an object`, at: path };
  const wrong = Object.entries(map).find(([, part]) => typeof part !== 'string' && part !== null);
  if (wrong === undefined) return undefined;
  // Not the value itself: it may be a Secret's.
  const message = `${excerpt(wrong[0])} in \`${where}\` must be a string`;
  return { code: 'A1306', message, hint: 'put it in quotes', at: [...path, wrong[0]] };
}
