/** Protects: what is read late changes an App only when it was found; nothing that hides it lets anything go. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { withAwaited } from '../../../src/core/compile/awaited.ts';
import { compile } from '../../../src/core/compile/compile.ts';
import { needsOf } from '../../../src/core/compile/needs.ts';
import type { Source } from '../../../src/core/compile/world.ts';
import { asKubeObject } from '../../../src/core/model/object.ts';
import type { ReadResult } from '../../../src/core/model/observed.ts';
import { after, cluster, sourceOf, tenant, worldOf } from '../../builder/world.ts';

const deployed = (revision: string, where: string): string => `apiVersion: core.oam.dev/v1beta1
kind: AppDeployment
metadata: {name: web, namespace: shop}
spec:
  appRevisions:
  - {revisionName: ${revision}, placement: [{clusterSelector: {name: ${where}}, distribution: {replicas: 1}}]}
`;
const written = `apiVersion: core.oam.dev/v1beta1
kind: ApplicationRevision
metadata: {name: web-v1, namespace: shop}
spec: {application: {spec: {components: [{name: web, type: worker, properties: {image: nginx}}]}}}
`;
const clusters = [cluster('eu'), cluster('us')].join('---\n');

const found: ReadResult = {
  kind: 'found',
  objects: [
    asKubeObject({
      apiVersion: 'core.oam.dev/v1beta1',
      kind: 'ApplicationRevision',
      metadata: { name: 'web-v2', namespace: 'shop' },
      spec: {
        application: { spec: { components: [{ name: 'web', type: 'worker', properties: { image: 'nginx' } }] } },
      },
    }),
  ],
};

const answered = (sources: readonly Source[], result: ReadResult | undefined) => {
  const reads = new Map(
    [...needsOf(sources).reads.keys()].flatMap((key) => (result === undefined ? [] : [[key, result] as const])),
  );
  return worldOf(sources, { observed: { ...worldOf({}).observed, reads } });
};

/** `web-v1` runs on `eu`; then `web-v2` is wanted on `us`, which only the hub may have. */
const before = compile(
  worldOf({ 'clusters.yaml': clusters, 'web.yaml': deployed('web-v1', 'eu'), 'v1.yaml': written }),
);
const wanted = sourceOf({ 'clusters.yaml': clusters, 'web.yaml': deployed('web-v2', 'us') });

test('awaited: one read of the hub, by the name and namespace of the revision', () => {
  const [read, ...others] = [...needsOf([wanted]).reads.values()];
  equal(others.length, 0);
  const { cluster: from, resource, group, namespace, which } = read!.copy;
  deepEqual(
    { from, resource, group, namespace, which, app: read!.app },
    {
      from: 'hub',
      resource: 'applicationrevisions',
      group: 'core.oam.dev',
      namespace: 'shop',
      which: { kind: 'name', name: 'web-v2' },
      app: 'shop/web',
    },
  );
});

test('awaited: what is in Git is not read', () => {
  const source = sourceOf({ 'clusters.yaml': clusters, 'web.yaml': deployed('web-v1', 'eu'), 'v1.yaml': written });
  equal(needsOf([source]).reads.size, 0);
  const sources = [source];
  equal(withAwaited(sources, worldOf(sources)), sources);
});

const answers: readonly {
  readonly name: string;
  readonly result: ReadResult | undefined;
  readonly codes: readonly string[];
}[] = [
  { name: 'nobody has asked', result: undefined, codes: ['A1621'] },
  { name: 'it is not there', result: { kind: 'absent', reason: 'there is no such object' }, codes: ['A1621'] },
  { name: 'the hub does not answer', result: { kind: 'unreadable', reason: 'no route' }, codes: ['A1643'] },
];

for (const { name, result, codes } of answers) {
  test(`awaited: where ${name}, nothing is held anew and nothing vanishes`, () => {
    const compiled = compile(after(before, answered([wanted], result)));
    deepEqual(
      compiled.diagnostics.map(({ code }) => code),
      codes,
    );
    deepEqual(compiled.vanished, []);
    equal(
      [...compiled.cells.values()].some(({ aim }) => aim.kind !== 'unknown'),
      false,
    );
    equal(
      [...compiled.cells.values()].some(({ id }) => id === 'shop/web@eu'),
      true,
      'what runs is kept',
    );
  });
}

test('awaited: what was found is held, with the digest of what it is made of', () => {
  const compiled = compile(after(before, answered([wanted], found)));
  deepEqual(compiled.diagnostics, []);
  equal([...compiled.cells.values()].find(({ id }) => id === 'shop/web@us')?.aim.kind, 'hold');
  const inGit = {
    'clusters.yaml': clusters,
    'web.yaml': deployed('web-v2', 'us'),
    'v2.yaml': written.replace('web-v1', 'web-v2'),
  };
  const digestOf = (sources: ReturnType<typeof worldOf>) => [...compile(sources).gathered.intents.values()][0]?.digest;
  equal(digestOf(answered([wanted], found)), digestOf(worldOf(inGit)), 'committing it changes nothing');
});

test('awaited: a second App of its name stays refused', () => {
  const source = sourceOf({
    'clusters.yaml': clusters,
    'a.yaml': deployed('web-v2', 'us'),
    'b.yaml': deployed('web-v2', 'eu'),
  });
  const compiled = compile(answered([source], found));
  equal(
    [...compiled.cells.values()].some(({ aim }) => aim.kind === 'hold'),
    false,
  );
  equal(
    compiled.diagnostics.some(({ code }) => code === 'A1208'),
    true,
  );
});

const grants: readonly { readonly name: string; readonly copies: string; readonly isHeld: boolean }[] = [
  { name: 'no copies', copies: '', isHeld: false },
  { name: 'copies of another kind', copies: '{cluster: hub, namespace: shop, kind: Secret}', isHeld: false },
  {
    name: 'copies of another namespace',
    copies: '{cluster: hub, namespace: x, kind: ApplicationRevision}',
    isHeld: false,
  },
  { name: 'these copies', copies: '{cluster: hub, namespace: shop, kind: ApplicationRevision}', isHeld: true },
];

for (const { name, copies, isHeld } of grants) {
  test(`awaited: a tenant who is granted ${name} ${isHeld ? 'has' : 'has not'} what the hub has`, () => {
    const platform = sourceOf(
      {
        'clusters.yaml': clusters,
        'tenant.yaml': tenant(
          'shop',
          `{repositories: [{url: "https://git.example.com/shop"}], destinations: [{clusterNames: [us], namespaces: [shop]}], rules: [{apiGroups: [apps], resources: ["*"]}], copies: [${copies}]}`,
        ),
      },
      { id: 'platform', role: 'operator' },
    );
    const shop = sourceOf({ 'web.yaml': deployed('web-v2', 'us') }, { id: 'shop', role: 'tenant' });
    const compiled = compile(answered([platform, shop], found));
    deepEqual(
      compiled.diagnostics.map(({ code }) => code),
      isHeld ? [] : ['A1404'],
    );
    equal(
      [...compiled.cells.values()].some(({ aim }) => aim.kind === 'hold'),
      isHeld,
    );
  });
}
