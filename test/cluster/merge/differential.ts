/**
 * Random sequences of writes, done on a real API server and on the sandbox's own parts; every answer must be the same.
 *
 * Usage: `node test/cluster/merge/differential.ts <url> <token> <ca.pem> [first seed] [sequences] [kind]`, or `… refusals`
 * for a table of writes that are refused.
 */
import { readFileSync } from 'node:fs';
import { mergePatch } from '../../../src/core/json/merge.ts';
import { at, isArray, isObject, type Json, type JsonObject, numberOf, textOf } from '../../../src/core/json/value.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import type { Held } from '../../../src/sandbox/merge/managed.ts';
import { builtinSchema } from '../../../src/sandbox/schema/builtin.ts';
import { customKinds } from '../../../src/sandbox/schema/custom.ts';
import type { Schema } from '../../../src/sandbox/schema/schema.ts';
import { chanceOf } from './chance.ts';
import { differences } from './compare.ts';
import { type TriedKind, triedKinds } from './kinds.ts';
import { type Given, perform, readAt, synchronized } from './model.ts';
import { type Operation, operations } from './operations.ts';
import { type Answer, type Real, realServer, type Server } from './real.ts';
import type { Place } from './refusals/base.ts';
import { refusals } from './refusals/refusals.ts';
import { widgetDefinition } from './widget.ts';

export type Disagreement = {
  readonly label: string;
  readonly step: number;
  readonly operation: Operation;
  readonly differences: readonly string[];
};

export type Tally = {
  sequences: number;
  operations: number;
  /** Refused by both, in the same words. */
  refusals: number;
  /** Refused by the real server's validation only. */
  readonly unchecked: string[];
  unchanged: number;
  readonly disagreements: Disagreement[];
};

const widgets = customKinds(widgetDefinition as KubeObject);

function schemaAt(tried: Place, apiVersion: string): Schema {
  const schema = tried.isCustom
    ? widgets.find((one) => one.apiVersion === apiVersion)
    : builtinSchema(apiVersion, tried.kind);
  if (schema === undefined) throw new Error(`no schema of ${apiVersion} ${tried.kind}`);
  return schema;
}

/** Makes the custom kind known to the real server. */
export async function prepare(real: Real): Promise<void> {
  const root = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await real.send('POST', root, 'application/json', widgetDefinition);
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { code } = await real.send('GET', '/apis/example.com/v1beta1/namespaces/default/widgets');
    if (code === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the custom kind is not served');
}

export const pathOf = (tried: Place, apiVersion: string, name?: string, subresource = ''): string => {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const tail = name === undefined ? '' : `/${encodeURIComponent(name)}${subresource === '' ? '' : `/${subresource}`}`;
  return `${root}${tried.isNamespaced ? '/namespaces/default' : ''}/${tried.resource}${tail}`;
};

/** Does the writes one after the other, until the first disagreement. */
export async function runWrites(
  real: Real,
  label: string,
  place: Place,
  name: string,
  writes: readonly Operation[],
  tally: Tally,
): Promise<void> {
  let live: Held | undefined;
  for (const [step, operation] of writes.entries()) {
    const schema = schemaAt(place, 'apiVersion' in operation ? operation.apiVersion : place.apiVersion);
    const body = bodyOf(operation, live, schema);
    if (body === undefined) continue;
    const answer = await send(real, place, name, operation, body);
    const outcome = perform(live, operation, body, schema, givenBy(answer.body, answer, live));
    const stored = answer.code < 300 ? await storedOf(real, place, name, operation, answer) : undefined;
    tally.operations += 1;
    const found = differences(outcome, answer, stored, live, place.isCutOnRead, (held) =>
      readAt(held, schemaAt(place, textOf(stored?.apiVersion) ?? place.apiVersion)),
    );
    if (found.length > 0) {
      tally.disagreements.push({ label, step, operation, differences: found });
      break;
    }
    if (outcome.kind === 'refused') tally.refusals += 1;
    else if (stored === undefined) tally.unchecked.push(`${label} step ${step}: ${textOf(answer.body.message)}`);
    else {
      if (!outcome.value.isChanged) tally.unchanged += 1;
      live = synchronized(outcome.value.held, stored);
    }
  }
  tally.sequences += 1;
  if (name === '') return;
  await real.send('PATCH', pathOf(place, place.apiVersion, name), 'application/merge-patch+json', {
    metadata: { finalizers: null },
  });
  await real.send('DELETE', pathOf(place, place.apiVersion, name));
}

function bodyOf(operation: Operation, live: Held | undefined, schema: Schema): Json | undefined {
  switch (operation.kind) {
    case 'create':
      return operation.body;
    case 'apply':
      return operation.config;
    case 'patch':
      return operation.body;
    case 'replace': {
      if (live === undefined) return undefined;
      const now = readAt(live, schema);
      const { managedFields, ...metadata } = now.metadata;
      const owners =
        operation.owners === 'kept'
          ? { managedFields: managedFields ?? [] }
          : operation.owners === 'reset'
            ? { managedFields: [] }
            : {};
      return mergePatch({ ...now, metadata: { ...metadata, ...owners } }, operation.change);
    }
  }
}

export function send(real: Real, tried: Place, name: string, operation: Operation, body: Json): Promise<Answer> {
  const query = `?fieldManager=${operation.manager}`;
  switch (operation.kind) {
    case 'create':
      return real.send('POST', `${pathOf(tried, tried.apiVersion)}${query}`, 'application/json', body);
    case 'replace':
      return real.send('PUT', `${pathOf(tried, operation.apiVersion, name)}${query}`, 'application/json', body);
    case 'apply': {
      const path = pathOf(tried, operation.apiVersion, name, operation.subresource);
      return real.send('PATCH', `${path}${query}&force=${operation.isForced}`, 'application/apply-patch+yaml', body);
    }
    case 'patch': {
      const path = pathOf(tried, operation.apiVersion, name, operation.subresource);
      const type = { json: 'json-patch', merge: 'merge-patch', strategic: 'strategic-merge-patch' }[operation.type];
      return real.send('PATCH', `${path}${query}`, `application/${type}+json`, body);
    }
  }
}

// A Scale is not the object itself.
async function storedOf(
  real: Real,
  tried: Place,
  name: string,
  operation: Operation,
  answer: Answer,
): Promise<JsonObject> {
  if (!('subresource' in operation) || operation.subresource !== 'scale') return answer.body;
  return (await real.send('GET', pathOf(tried, tried.apiVersion, name))).body;
}

function givenBy(body: JsonObject, { time }: Answer, live: Held | undefined): Given {
  const addresses = at(body, 'spec', 'clusterIP');
  const ports = at(body, 'spec', 'ports');
  const known = new Set(portsOf(live?.object));
  const fresh = (isArray(ports) ? ports : [])
    .flatMap((port) => numberOf(at(port, 'nodePort')) ?? [])
    .filter((port) => !known.has(port));
  const health = numberOf(at(body, 'spec', 'healthCheckNodePort'));
  return {
    time: timeOf(body, time),
    uid: textOf(at(body, 'metadata', 'uid')) ?? '',
    createdAt: textOf(at(body, 'metadata', 'creationTimestamp')) ?? '',
    allocate: { clusterIP: () => textOf(addresses) ?? '', nodePort: () => fresh.shift() ?? health ?? 0 },
  };
}

// A second may end between the write and the answer; the entry that was written tells.
function timeOf(body: JsonObject, answered: string): string {
  const owners = at(body, 'metadata', 'managedFields');
  const times = new Set((isArray(owners) ? owners : []).map((entry) => textOf(at(entry, 'time'))));
  const before = new Date(Date.parse(answered) - 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
  return !times.has(answered) && times.has(before) ? before : answered;
}

function portsOf(object: JsonObject | undefined): readonly number[] {
  const ports = at(object, 'spec', 'ports');
  return (isArray(ports) ? ports : []).flatMap((port) => (isObject(port) ? (numberOf(port.nodePort) ?? []) : []));
}

const freshTally = (): Tally => ({
  sequences: 0,
  operations: 0,
  refusals: 0,
  unchecked: [],
  unchanged: 0,
  disagreements: [],
});

export async function runDifferential(
  server: Server,
  seeds: readonly number[],
  kinds: readonly TriedKind[],
): Promise<Tally> {
  const real = realServer(server);
  const tally = freshTally();
  try {
    await prepare(real);
    for (const seed of seeds) {
      const kind = kinds[seed % kinds.length]!;
      const name = `t${seed}`;
      await runWrites(real, `seed ${seed} ${kind.kind}`, kind, name, operations(chanceOf(seed), kind, name, 10), tally);
    }
  } finally {
    real.close();
  }
  return tally;
}

/** Each write that is refused for a reason of its own. */
export async function runRefusals(server: Server): Promise<Tally> {
  const real = realServer(server);
  const tally = freshTally();
  try {
    await prepare(real);
    for (const one of refusals) {
      const name = textOf(at(one.writes[0], 'body', 'metadata', 'name')) ?? '';
      await runWrites(real, `${one.name} (${one.place.kind})`, one.place, name, one.writes, tally);
    }
  } finally {
    real.close();
  }
  return tally;
}

if (import.meta.main) {
  const [url = '', token = '', caFile = '', first = '1', count = '200', kind = ''] = process.argv.slice(2);
  const server = { url, token, ca: readFileSync(caFile, 'utf8') };
  const seeds = Array.from({ length: Number(count) }, (_, index) => Number(first) + index);
  const kinds = triedKinds.filter((tried) => kind === '' || tried.kind === kind);
  const started = performance.now();
  const tally = first === 'refusals' ? await runRefusals(server) : await runDifferential(server, seeds, kinds);
  for (const disagreement of tally.disagreements) {
    console.log(`${disagreement.label} step ${disagreement.step}: ${JSON.stringify(disagreement.operation)}`);
    for (const line of disagreement.differences) console.log(`    ${line}`);
  }
  for (const line of tally.unchecked) console.log(`refused by the real server alone: ${line}`);
  const { sequences, refusals: refused, unchecked, unchanged } = tally;
  const agreed = sequences - tally.disagreements.length;
  console.log(
    `${agreed} of ${sequences} sequences agreed; ${tally.operations} writes, ${refused} refused alike, ${unchecked.length} refused by the real server alone, ${unchanged} changed nothing; ${Math.round(performance.now() - started)} ms`,
  );
  process.exitCode = agreed === sequences ? 0 : 1;
}
