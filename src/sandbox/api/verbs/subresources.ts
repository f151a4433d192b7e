/** The small subresources: a namespace's finalizers, a service account's token, a pod's eviction and its log. */
import { parseJson } from '../../../core/json/text.ts';
import { at, isArray, isObject, type JsonObject, numberOf, textOf, withFields } from '../../../core/json/value.ts';
import { partOf, withParts } from '../../registry/objects.ts';
import { remove } from '../../registry/remove.ts';
import { overwrite } from '../../registry/update.ts';
import { userNamed } from '../../registry/user.ts';
import { timeOf } from '../../registry/world.ts';
import type { Entry } from '../../store/entry.ts';
import { answer, answerEntry, answerJson, bodyText, type Call, subjectOf, writerOf } from '../call.ts';
import type { ApiAnswer } from '../exchange.ts';
import { readWriteOptions } from '../query.ts';
import { badRequest, notFound } from '../refusals.ts';

/** PUT of a namespace's `spec.finalizers`; with the last of them a namespace that is going goes. */
export function finalize(call: Call): ApiAnswer {
  const { world } = call;
  const live = liveOf(call);
  const object = world.store.read(live);
  const finalizers = at(readBody(call), 'spec', 'finalizers');
  const left = isArray(finalizers) ? finalizers : [];
  const spec = withFields(partOf(object, 'spec'), { finalizers: left.length === 0 ? undefined : left });
  const next = overwrite(world, 'namespaces', live, withParts(object, { spec }));
  const isGoing = textOf(object.metadata.deletionTimestamp) !== undefined;
  if (isGoing && left.length === 0 && !isArray(object.metadata.finalizers)) world.store.remove('namespaces', next);
  return answerEntry(call, 200, next);
}

/** POST of a TokenRequest: a bearer token that this cluster takes for the service account. */
export function issueToken(call: Call): ApiAnswer {
  const { world, path, tokens } = call;
  const account = liveOf(call);
  const request = readBody(call);
  const seconds = numberOf(at(request, 'spec', 'expirationSeconds')) ?? 3_600;
  const name = `system:serviceaccount:${path.namespace}:${path.name}`;
  const token = `sandbox.${Buffer.from(world.rng.bytes(24)).toString('base64url')}`;
  tokens.issued.set(token, userNamed(name, [], account.uid));
  const expirationTimestamp = timeOf(world.clock.nowMs() + seconds * 1_000);
  return answerJson(201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name: path.name, namespace: path.namespace, creationTimestamp: timeOf(world.clock.nowMs()) },
    spec: {
      audiences: ['https://kubernetes.default.svc'],
      ...(isObject(request.spec) ? request.spec : {}),
      expirationSeconds: seconds,
    },
    status: { token, expirationTimestamp },
  });
}

/** POST of an Eviction: a delete that is never refused for a disruption budget. */
export function evict(call: Call): ApiAnswer {
  const { world, kind, warn } = call;
  const live = liveOf(call);
  const options = readWriteOptions(call.query, 'CreateOptions');
  const grace = numberOf(at(readBody(call), 'deleteOptions', 'gracePeriodSeconds'));
  remove(world, {
    kind,
    live,
    options: {
      isDryRun: options.isDryRun,
      uid: undefined,
      resourceVersion: undefined,
      propagation: undefined,
      gracePeriodSeconds: grace,
    },
    writer: writerOf(call, options),
    warn,
  });
  return answerJson(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

/** A pretend container has little to say. */
export function readLog(call: Call): ApiAnswer {
  const pod = call.world.store.read(liveOf(call));
  const container = call.query.get('container') ?? textOf(at(firstOf(at(pod, 'spec', 'containers')), 'name')) ?? '';
  return answer(
    200,
    `${container} of ${pod.metadata.name} runs in a sandbox, so it prints nothing else.\n`,
    'text/plain',
  );
}

const firstOf = (list: JsonObject[string] | undefined): JsonObject[string] | undefined =>
  isArray(list) ? list[0] : undefined;

function liveOf(call: Call): Entry {
  const live = call.world.store.get(call.kind.place, call.path.namespace, call.path.name);
  if (live === undefined) throw notFound(subjectOf(call));
  return live;
}

function readBody(call: Call): JsonObject {
  try {
    const body = parseJson(bodyText(call.request));
    if (isObject(body)) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest('the body is no JSON object');
}
