/** Kustomizations and HelmReleases of Flux: what becomes of them, and what is said of the rest. */
import { deepEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import { importFlux } from '../../../src/core/import/flux.ts';
import { matchGolden } from '../../builder/golden.ts';
import { around, objectsOf, problemsIn, reasonsOf, textsOf } from './scene.ts';

const sources = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {url: "ssh://git@git.example.com/shop/deploy", ref: {branch: main}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: other, namespace: flux-system}
spec: {url: "https://git.example.com/other"}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: jetstack, namespace: flux-system}
spec: {url: "https://charts.jetstack.io"}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: podinfo, namespace: flux-system}
spec: {url: "oci://ghcr.io/stefanprodan/charts/podinfo", ref: {tag: 6.9.0}}
---
`;
const kustomization = (name: string, spec: string): string => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: ${name}, namespace: flux-system}
spec: {prune: true, interval: 5m, sourceRef: {kind: GitRepository, name: fleet}, ${spec}}
---
`;
const release = (name: string, spec: string): string => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: ${name}, namespace: flux-system}
spec: {interval: 5m, ${spec}}
---
`;
const run = (text: string) => importFlux(objectsOf(sources + text), around);

test('importFlux: folders, kustomizations and charts, where they go and what they wait for', () => {
  const imported = run(
    [
      kustomization('web', 'path: ./apps/web, targetNamespace: shop, dependsOn: [{name: api}]'),
      kustomization(
        'api',
        'path: ./apps/api, targetNamespace: shop, kubeConfig: {secretRef: {name: eu-1-kubeconfig}}, suspend: true',
      ),
      release(
        'cert-manager',
        'targetNamespace: cert-manager, install: {createNamespace: true}, values: {crds: {enabled: true}}, chart: {spec: {chart: cert-manager, version: v1.19.1, sourceRef: {kind: HelmRepository, name: jetstack}}}',
      ),
      release('podinfo', 'releaseName: podinfo, chartRef: {kind: OCIRepository, name: podinfo}'),
      release(
        'shop',
        'chart: {spec: {chart: ./charts/shop, sourceRef: {kind: GitRepository, name: fleet}, valuesFiles: [charts/shop/values-eu.yaml]}}',
      ),
    ].join(''),
  );
  deepEqual(imported.apps, [
    'shop/web',
    'shop/api',
    'cert-manager/cert-manager',
    'flux-system/podinfo',
    'flux-system/shop',
  ]);
  deepEqual(reasonsOf(imported), []);
  deepEqual(problemsIn(imported), []);
  matchGolden('cli/import-flux.yaml', textsOf(imported));
});

const left: readonly (readonly [string, string, RegExp])[] = [
  ['another repository', kustomization('a', 'path: a').replace('name: fleet', 'name: other'), /import it in a clone/],
  [
    'a source that is not given',
    kustomization('a', 'path: a').replace('name: fleet', 'name: lost'),
    /GitRepository lost is not among/,
  ],
  [
    'a bucket',
    kustomization('a', 'path: a').replace('kind: GitRepository, name: fleet', 'kind: Bucket, name: b'),
    /Landfall reads Git/,
  ],
  ['patches', kustomization('a', 'path: apps/api, patches: []'), /has `patches`/],
  ['substitution', kustomization('a', 'path: apps/api, postBuild: {substitute: {a: b}}'), /has `postBuild`/],
  [
    'a range of versions',
    release('a', 'chart: {spec: {chart: a, version: ">=1", sourceRef: {kind: HelmRepository, name: jetstack}}}'),
    /one exact version/,
  ],
  ['values from elsewhere', release('a', 'valuesFrom: [{kind: Secret, name: a}]'), /has `valuesFrom`/],
];
for (const [name, text, reason] of left) {
  test(`importFlux: ${name} is left, with the reason`, () => {
    const imported = run(text);
    deepEqual(imported.apps, []);
    match(reasonsOf(imported).join('\n'), reason);
  });
}

test('importFlux: what is not said is remarked on', () => {
  const imported = run(
    kustomization('web', 'path: apps/web, dependsOn: [{name: lost}]').replace('prune: true', 'prune: false'),
  );
  deepEqual(imported.apps, ['flux-system/web']);
  deepEqual(reasonsOf(imported), [
    'Kustomization flux-system/web: prunes nothing; take `onDelete: Orphan` out only when deletions are to follow Git',
    'Kustomization flux-system/web: depends on flux-system/lost, which is not among the objects given',
  ]);
});
