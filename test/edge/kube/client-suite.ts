/** What the client must do on any cluster: the sandbox in this process, the sandbox over sockets, a real API server. */
import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../../src/core/json/value.ts';
import { groupKind } from '../../../src/core/model/id.ts';
import { invariant } from '../../../src/core/model/invariant.ts';
import type { Kind } from '../../../src/core/model/kinds.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';
import type { KubeClient } from '../../../src/edge/kube/client.ts';
import { follow } from '../../../src/edge/kube/follow.ts';
import { ImpersonatedUser } from '../../../src/edge/kube/identity.ts';
import type { FollowEvent } from '../../../src/edge/kube/track.ts';
import type { Clock } from '../../../src/seam/clock.ts';
import type { Rng } from '../../../src/seam/rng.ts';
import { faultIn, isFault } from '../../builder/fault.ts';
import { never } from '../../builder/kube.ts';

export type ClientUnderTest = {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Objects are made here, with names of their own. */
  readonly namespace: string;
};

const manager = 'landfall-suite';

export function clientSuite(name: string, under: ClientUnderTest): void {
  const { client, namespace } = under;
  const kindOf = async (group: string, kind: string): Promise<Kind> => {
    const found = (await client.kinds(never)).of(groupKind(group, kind));
    invariant(found !== undefined, `${kind} is served`);
    return found;
  };
  const configMap = (object: string, data: Readonly<Record<string, string>> = { a: '1' }): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: object, namespace, labels: { suite: 'client' } },
    data,
  });
  const uidOf = (object: KubeObject): string => String(object.metadata.uid);
  const versionOf = (object: KubeObject): string => String(object.metadata.resourceVersion);

  test(`${name}: version, identity, kinds`, async () => {
    match(await client.version(never), /^v1\.[0-9]+/);
    match(await client.identity(never), /^[0-9a-f-]{36}$/);
    const kinds = await client.kinds(never);
    const deployment = kinds.named('deploy');
    deepEqual(
      [deployment?.group, deployment?.version, deployment?.resource, deployment?.isNamespaced],
      ['apps', 'v1', 'deployments', true],
    );
    ok(deployment?.subresources.includes('scale'));
    equal(kinds.at('v1', 'Namespace')?.isNamespaced, false);
    deepEqual(kinds.unavailable, []);
    deepEqual((await client.kinds(never, { isFresh: true })).all, kinds.all);
  });

  test(`${name}: apply, get, apply what is the same, apply what is not`, async () => {
    const kind = await kindOf('', 'ConfigMap');
    const made = await client.apply(configMap('one'), { kind, manager }, never);
    equal(at(made, 'data', 'a'), '1');
    const read = await client.get({ kind, namespace, name: 'one' }, never);
    equal(read && uidOf(read), uidOf(made));
    const same = await client.apply(configMap('one'), { kind, manager }, never);
    equal(versionOf(same), versionOf(made));
    const changed = await client.apply(configMap('one', { b: '2' }), { kind, manager }, never);
    deepEqual(changed.data, { b: '2' });
    const reduced = await client.apply(configMap('one', { b: '2' }), { kind, manager, isMetadataOnly: true }, never);
    deepEqual(
      [reduced.kind, reduced.apiVersion, reduced.data, uidOf(reduced)],
      ['ConfigMap', 'v1', undefined, uidOf(made)],
    );
    ok(Array.isArray(reduced.metadata.managedFields));
  });

  test(`${name}: a dry run changes nothing`, async () => {
    const kind = await kindOf('', 'ConfigMap');
    const made = await client.apply(configMap('dry'), { kind, manager }, never);
    const shown = await client.apply(configMap('dry', { a: '9' }), { kind, manager, dryRun: true }, never);
    equal(at(shown, 'data', 'a'), '9');
    const ref = { kind, namespace, name: 'dry' };
    const options = { uid: uidOf(made), resourceVersion: versionOf(made), propagation: 'Background' } as const;
    await client.remove(ref, { ...options, dryRun: true }, never);
    const read = await client.get(ref, never);
    deepEqual([read && versionOf(read), at(read, 'data', 'a')], [versionOf(made), '1']);
  });

  test(`${name}: preconditions: only if absent, only if the same`, async () => {
    const kind = await kindOf('', 'ConfigMap');
    const absent = { kind, manager, precondition: { kind: 'absent' } } as const;
    const made = await client.apply(configMap('guarded'), absent, never);
    await rejects(client.apply(configMap('guarded', { a: '2' }), absent, never), isFault('exists'));
    const same = (uid: string, resourceVersion?: string) =>
      ({
        kind,
        manager,
        precondition: { kind: 'same', uid, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
      }) as const;
    equal(at(await client.apply(configMap('guarded', { a: '2' }), same(uidOf(made)), never), 'data', 'a'), '2');
    await rejects(
      client.apply(configMap('guarded', { a: '3' }), same(uidOf(made), versionOf(made)), never),
      isFault('stale'),
    );
    const another = '7c1e0f6a-5d1c-4e0b-9a52-0c1d2e3f4a5b';
    await rejects(client.apply(configMap('guarded', { a: '3' }), same(another), never), isFault('stale'));
    await rejects(client.apply(configMap('not-there'), same(another), never), isFault('stale'));
    equal(await client.get({ kind, namespace, name: 'not-there' }, never), undefined);
  });

  test(`${name}: a conflict names managers and paths; force takes the field`, async () => {
    const kind = await kindOf('', 'ConfigMap');
    await client.apply(configMap('contested'), { kind, manager }, never);
    const fault = await faultIn(client.apply(configMap('contested', { a: '2' }), { kind, manager: 'another' }, never));
    deepEqual([fault.kind, fault.conflicts], ['conflict', [{ manager, path: '.data.a' }]]);
    const forced = await client.apply(
      configMap('contested', { a: '2' }),
      { kind, manager: 'another', force: true },
      never,
    );
    equal(at(forced, 'data', 'a'), '2');
  });

  test(`${name}: what is wrong with an object is its author's`, async () => {
    const kind = await kindOf('', 'ConfigMap');
    const object = configMap('wrong');
    const unknownField = await faultIn(client.apply({ ...object, daat: {} }, { kind, manager }, never));
    deepEqual([unknownField.kind, unknownField.fields], ['invalid', ['.daat']]);
    await rejects(client.apply({ ...object, data: { a: { b: 'c' } } }, { kind, manager }, never), isFault('invalid'));
    await rejects(client.apply({ ...object, data: { 'a b': 'c' } }, { kind, manager }, never), isFault('invalid'));
    const nowhere = { ...object, metadata: { ...object.metadata, namespace: 'no-such-namespace' } };
    await rejects(client.apply(nowhere, { kind, manager }, never), isFault('missing'));
  });

  test(`${name}: no fault shows what a Secret holds`, async () => {
    const kind = await kindOf('', 'Secret');
    const secret = (data: Readonly<Record<string, unknown>>) =>
      ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hidden', namespace }, data }) as KubeObject;
    const value = Buffer.from('topsecret').toString('base64');
    await client.apply(secret({ a: value }), { kind, manager }, never);
    const attempts = [
      [{ a: { b: 'topsecret' } }, manager],
      [{ a: 'topsecret!' }, manager],
      [{ 'a b': value }, manager],
      [{ a: `${value}AAA=` }, 'another'],
    ] as const;
    for (const [data, by] of attempts) {
      const fault = await faultIn(client.apply(secret(data), { kind, manager: by }, never));
      ok(!JSON.stringify(fault).includes('topsecret') && !JSON.stringify(fault).includes(value), JSON.stringify(fault));
      ok(fault.kind === 'invalid' || fault.kind === 'conflict', fault.kind);
    }
  });

  test(`${name}: create once, replace only the newest`, async () => {
    const kind = await kindOf('', 'ConfigMap');
    const made = await client.create(configMap('record'), kind, { manager }, never);
    await rejects(client.create(configMap('record'), kind, { manager }, never), isFault('exists'));
    const next = await client.replace({ ...made, data: { a: '2' } }, kind, { manager }, never);
    notEqual(versionOf(next), versionOf(made));
    await rejects(client.replace({ ...made, data: { a: '3' } }, kind, { manager }, never), isFault('stale'));
  });

  test(`${name}: a patch happens as tested, or not at all`, async () => {
    const kind = await kindOf('', 'ConfigMap');
    const made = await client.apply(configMap('patched'), { kind, manager }, never);
    const ref = { kind, namespace, name: 'patched' };
    const patch = [
      { op: 'test', path: '/metadata/resourceVersion', value: versionOf(made) },
      { op: 'replace', path: '/data/a', value: '2' },
    ];
    equal(at(await client.patchJson(ref, patch, { manager }, never), 'data', 'a'), '2');
    await rejects(client.patchJson(ref, patch, { manager }, never), isFault('stale'));
  });

  test(`${name}: remove exactly what was read`, async () => {
    const kind = await kindOf('', 'ConfigMap');
    const ref = { kind, namespace, name: 'doomed' };
    const first = await client.apply(configMap('doomed'), { kind, manager }, never);
    const second = await client.apply(configMap('doomed', { a: '2' }), { kind, manager }, never);
    const options = { uid: uidOf(first), propagation: 'Background' } as const;
    await rejects(client.remove(ref, { ...options, resourceVersion: versionOf(first) }, never), isFault('stale'));
    const another = { ...options, uid: '7c1e0f6a-5d1c-4e0b-9a52-0c1d2e3f4a5b', resourceVersion: versionOf(second) };
    await rejects(client.remove(ref, another, never), isFault('stale'));
    equal(await client.remove(ref, { ...options, resourceVersion: versionOf(second) }, never), 'gone');
    equal(await client.remove(ref, { ...options, resourceVersion: versionOf(second) }, never), 'gone');
    equal(await client.get(ref, never), undefined);
  });

  test(`${name}: a kind that is not served is not an object that is absent`, async () => {
    const kind = { ...(await kindOf('', 'ConfigMap')), group: 'no.such.group' };
    const ref = { kind, namespace, name: 'one' };
    await rejects(client.get(ref, never), isFault('missing'));
    await rejects(client.list({ kind }, never), isFault('missing'));
    await rejects(
      client.remove(ref, { uid: 'u', resourceVersion: '1', propagation: 'Background' }, never),
      isFault('missing'),
    );
  });

  test(`${name}: lists, in pages, of one version`, async () => {
    const kind = await kindOf('', 'ConfigMap');
    for (let count = 0; count < 7; count += 1) await client.apply(configMap(`page-${count}`), { kind, manager }, never);
    const query = { kind, namespace, labelSelector: 'suite=client' };
    const { items, resourceVersion } = await client.list(query, never);
    ok(items.length >= 7 && items.every((item) => item.kind === 'ConfigMap' && item.apiVersion === 'v1'));
    ok(Number(resourceVersion) > 0);
    const reduced = await client.list({ ...query, isMetadataOnly: true }, never);
    deepEqual(
      reduced.items.map((item) => [item.kind, item.data, item.metadata.name]),
      items.map((item) => ['ConfigMap', undefined, item.metadata.name]),
    );
    deepEqual((await client.list({ ...query, labelSelector: 'suite=none' }, never)).items, []);
  });

  test(`${name}: follows what happens, metadata only`, async () => {
    const kind = await kindOf('', 'ConfigMap');
    const query = { kind, namespace, labelSelector: 'suite=client', isMetadataOnly: true };
    const events: FollowEvent<KubeObject>[] = [];
    let wake = (): void => {};
    const sink = (event: FollowEvent<KubeObject>): void => {
      events.push(event);
      wake();
    };
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) await new Promise<void>((resolve) => (wake = resolve));
    };
    const stopping = new AbortController();
    const following = follow({ query, reduce: (object) => object, sink }, under, stopping.signal);
    await until(() => events.length > 0);
    equal(events[0]?.kind, 'listed');
    const made = await client.apply(configMap('followed'), { kind, manager }, never);
    const options = { uid: uidOf(made), resourceVersion: versionOf(made), propagation: 'Background' } as const;
    await client.remove({ kind, namespace, name: 'followed' }, options, never);
    const seen = (): readonly string[] =>
      events.flatMap((event) => ('item' in event && event.item.metadata.name === 'followed' ? [event.kind] : []));
    await until(() => seen().length >= 2);
    deepEqual(seen(), ['set', 'gone']);
    const set = events.find((event) => event.kind === 'set');
    deepEqual([set?.kind === 'set' && set.item.data, set?.kind === 'set' && set.item.kind], [undefined, 'ConfigMap']);
    stopping.abort();
    await following;
  });

  test(`${name}: a version that is forgotten is told so`, async () => {
    const kind = await kindOf('', 'ConfigMap');
    const from = { kind: 'version', resourceVersion: '1' } as const;
    await rejects(
      client.watch({ kind, namespace }, from, () => {}, never),
      isFault('expired'),
    );
  });

  test(`${name}: acts as somebody else, with nothing of our own`, async () => {
    const kind = await kindOf('', 'ConfigMap');
    const stranger = client.as(new ImpersonatedUser('nobody-in-particular', { groups: ['one', 'two'] }));
    await rejects(stranger.get({ kind, namespace, name: 'one' }, never), isFault('forbidden', /nobody-in-particular/));
    const action = { verb: 'create', group: '', resource: 'configmaps', namespace };
    deepEqual([await client.mayI(action, never), await stranger.mayI(action, never)], [true, false]);
  });
}
