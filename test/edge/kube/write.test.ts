/** What writes send, and how refusals are told. */
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { BugError } from '../../../src/core/model/invariant.ts';
import type { NetRequest, NetResponse } from '../../../src/seam/net.ts';
import { isFault } from '../../builder/fault.ts';
import { clientOf, configMap, configMaps, deployments, never, secrets } from '../../builder/kube.ts';
import { answerJson, answerStatus } from '../../builder/net.ts';

const manager = 'landfall-test';
const ref = { kind: configMaps, namespace: 'shop', name: 'web' };
const uid = '7c1e0f6a-5d1c-4e0b-9a52-0c1d2e3f4a5b';

function recorded(answer: () => NetResponse = () => answerJson(200, configMap('web', '5'))) {
  const seen: NetRequest[] = [];
  const client = clientOf((request) => {
    seen.push(request);
    return answer();
  });
  const last = (): NetRequest => seen.at(-1)!;
  return { client, last, body: () => JSON.parse(String(last().body)), count: () => seen.length };
}
const queryOf = (request: NetRequest): Readonly<Record<string, string>> =>
  Object.fromEntries(new URL(request.path, 'https://x').searchParams);

test('apply: a strict server-side apply of JSON, no more asked than is wanted', async () => {
  const { client, last, body } = recorded();
  await client.apply(configMap('web'), { kind: configMaps, manager }, never);
  deepEqual([last().method, last().headers['content-type']], ['PATCH', 'application/apply-patch+yaml']);
  deepEqual(queryOf(last()), { fieldManager: manager, fieldValidation: 'Strict' });
  deepEqual(body(), configMap('web'));
  await client.apply(
    configMap('web'),
    { kind: configMaps, manager, force: true, dryRun: true, isMetadataOnly: true },
    never,
  );
  deepEqual(queryOf(last()), { fieldManager: manager, fieldValidation: 'Strict', force: 'true', dryRun: 'All' });
  equal(last().headers.accept?.includes('PartialObjectMetadata'), true);
});

test('apply: large integers keep their digits', async () => {
  const { client, last } = recorded();
  const object = { ...configMap('web'), spec: { big: 9007199254740993n } };
  await client.apply(object, { kind: configMaps, manager }, never);
  equal(String(last().body).includes('"big":9007199254740993'), true);
});

test('apply: preconditions go into the metadata', async () => {
  const { client, body } = recorded();
  await client.apply(configMap('web'), { kind: configMaps, manager, precondition: { kind: 'absent' } }, never);
  equal(body().metadata.resourceVersion, '1');
  await client.apply(configMap('web'), { kind: configMaps, manager, precondition: { kind: 'same', uid } }, never);
  deepEqual(body().metadata, { name: 'web', namespace: 'shop', uid });
  const same = { kind: 'same', uid, resourceVersion: '9' } as const;
  await client.apply(configMap('web'), { kind: configMaps, manager, precondition: same }, never);
  deepEqual(body().metadata, { name: 'web', namespace: 'shop', uid, resourceVersion: '9' });
});

const uidRefused = { details: { causes: [{ reason: 'FieldValueInvalid', field: 'metadata.uid', message: 'x' }] } };
const refusals = [
  {
    name: 'absent, and it is there',
    precondition: { kind: 'absent' },
    answer: answerStatus(409, 'Conflict'),
    kind: 'exists',
  },
  {
    name: 'same, and it is gone',
    precondition: { kind: 'same', uid },
    answer: answerStatus(409, 'Conflict'),
    kind: 'stale',
  },
  {
    name: 'same, and it is another',
    precondition: { kind: 'same', uid },
    answer: answerStatus(422, 'Invalid', uidRefused),
    kind: 'stale',
  },
  {
    name: 'same, and it is invalid',
    precondition: { kind: 'same', uid },
    answer: answerStatus(422, 'Invalid'),
    kind: 'invalid',
  },
  {
    name: 'none, and it is another',
    precondition: undefined,
    answer: answerStatus(422, 'Invalid', uidRefused),
    kind: 'invalid',
  },
] as const;
for (const { name, precondition, answer, kind } of refusals) {
  test(`apply: refused: ${name}`, async () => {
    const { client } = recorded(() => answer);
    const options = { kind: configMaps, manager, ...(precondition === undefined ? {} : { precondition }) };
    await rejects(client.apply(configMap('web'), options, never), isFault(kind));
  });
}

test('apply: an object of another kind is a bug of ours', async () => {
  const { client, count } = recorded();
  await rejects(client.apply(configMap('web'), { kind: deployments, manager }, never), BugError);
  equal(count(), 0);
});

test('apply: what a Secret holds is in no fault', async () => {
  const message = 'Secret "web" is invalid: data.a: Invalid value: "dG9wc2VjcmV0"';
  const { client } = recorded(() => answerStatus(422, 'Invalid', { message }));
  const secret = { ...configMap('web'), kind: 'Secret', data: { a: 'dG9wc2VjcmV0' } };
  await rejects(client.apply(secret, { kind: secrets, manager }, never), (error: unknown) => {
    equal(String(error).includes('dG9wc2VjcmV0'), false);
    return isFault('invalid', /apply Secret shop\/web: Invalid/)(error);
  });
});

test('create and replace: POST and PUT; a replace without a version is a bug of ours', async () => {
  const { client, last, count } = recorded();
  await client.create(configMap('web'), configMaps, { manager }, never);
  deepEqual([last().method, last().path.split('?')[0]], ['POST', '/api/v1/namespaces/shop/configmaps']);
  await client.replace(configMap('web', '5'), configMaps, { manager }, never);
  deepEqual([last().method, last().path.split('?')[0]], ['PUT', '/api/v1/namespaces/shop/configmaps/web']);
  deepEqual(queryOf(last()), { fieldManager: manager, fieldValidation: 'Strict' });
  await rejects(client.replace(configMap('web'), configMaps, { manager }, never), BugError);
  equal(count(), 2);
});

test('patchJson: a patch that no longer fits is stale, a patched object that is refused is not', async () => {
  const patch = [{ op: 'test', path: '/metadata/resourceVersion', value: '5' }];
  const fits = recorded();
  await fits.client.patchJson(ref, patch, { manager }, never);
  deepEqual([fits.last().headers['content-type'], fits.body()], ['application/json-patch+json', patch]);
  const unfit = recorded(() => answerStatus(422, 'Invalid'));
  await rejects(unfit.client.patchJson(ref, patch, { manager }, never), isFault('stale'));
  const refused = recorded(() => answerStatus(422, 'Invalid', { details: { causes: [{ field: 'data' }] } }));
  await rejects(refused.client.patchJson(ref, patch, { manager }, never), isFault('invalid'));
});

test('remove: both preconditions and all options in the body, nothing in the query', async () => {
  const { client, last, body } = recorded(() => answerJson(200, { kind: 'Status', status: 'Success' }));
  const options = { uid, resourceVersion: '5', propagation: 'Foreground' } as const;
  equal(await client.remove(ref, options, never), 'gone');
  equal(last().path, '/api/v1/namespaces/shop/configmaps/web');
  deepEqual(body(), {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid, resourceVersion: '5' },
    propagationPolicy: 'Foreground',
  });
  await client.remove(ref, { ...options, dryRun: true }, never);
  equal(last().path, '/api/v1/namespaces/shop/configmaps/web');
  deepEqual(body().dryRun, ['All']);
});

test('remove: an empty precondition is a bug of ours, and nothing is sent', async () => {
  const { client, count } = recorded();
  for (const options of [
    { uid: '', resourceVersion: '5' },
    { uid, resourceVersion: '' },
  ]) {
    await rejects(client.remove(ref, { ...options, propagation: 'Background' }, never), BugError);
  }
  equal(count(), 0);
});

const removals = [
  { name: 'the object itself: it waits', answer: answerJson(200, configMap('web', '6')), is: 'deleting' },
  { name: 'absent', answer: answerStatus(404, 'NotFound', { details: { name: 'web' } }), is: 'gone' },
] as const;
for (const { name, answer, is } of removals) {
  test(`remove: ${name}`, async () => {
    const { client } = recorded(() => answer);
    equal(await client.remove(ref, { uid, resourceVersion: '5', propagation: 'Background' }, never), is);
  });
}

test('remove: changed or unknown is no success', async () => {
  const options = { uid, resourceVersion: '5', propagation: 'Background' } as const;
  await rejects(recorded(() => answerStatus(409, 'Conflict')).client.remove(ref, options, never), isFault('stale'));
  await rejects(recorded(() => answerStatus(404, 'NotFound')).client.remove(ref, options, never), isFault('missing'));
});

test('mayI: what is asked and what is answered', async () => {
  for (const allowed of [true, false]) {
    const { client, body } = recorded(() => answerJson(201, { kind: 'SelfSubjectAccessReview', status: { allowed } }));
    const action = { verb: 'create', group: 'apps', resource: 'deployments', namespace: undefined };
    equal(await client.mayI(action, never), allowed);
    deepEqual(body().spec.resourceAttributes, { verb: 'create', group: 'apps', resource: 'deployments' });
  }
  await rejects(
    recorded(() => answerJson(201, {})).client.mayI({ verb: 'x', group: '', resource: 'y' }, never),
    isFault('protocol'),
  );
});
