/** What Applications say beside a path: choices of files, waves, and what Kustomize is told. */
import { deepEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import { importArgo } from '../../../src/core/import/argocd.ts';
import { around, objectsOf, problemsIn, reasonsOf, textsOf } from './scene.ts';

const run = (source: string, more = '') => {
  const imported = importArgo(
    objectsOf(`apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  destination: {name: in-cluster, namespace: shop}
  syncPolicy: {automated: {prune: true}${more}}
  source: {repoURL: "https://git.example.com/shop/deploy", ${source}}
`),
    around,
  );
  deepEqual(problemsIn(imported), [], textsOf(imported));
  return {
    text: textsOf(imported),
    told: reasonsOf(imported).map((reason) => reason.replace('Application argocd/web: ', '')),
  };
};

const cases: readonly (readonly [string, string, RegExp, readonly RegExp[]])[] = [
  ['a folder with nothing below it is the folder', 'path: apps/web', /- name: app\n {4}path: apps\/web\n/, []],
  [
    'a choice of files is a component each',
    'path: waves, directory: {include: "{a,b}.yaml", exclude: "a*"}',
    /components:\n {2}- name: app-b\n {4}path: waves\/b\.yaml\n {2}adopt/,
    [/^chooses files in waves/],
  ],
  [
    'waves and hooks are an order',
    'path: waves',
    /- name: app-migrate\n {4}path: waves\/migrate\.yaml\n {2}- name: app-b\n {4}path: waves\/b\.yaml\n {4}dependsOn:\n {4}- app-migrate\n {2}- name: app-a\n {4}path: waves\/a\.yaml\n {4}dependsOn:\n {4}- app-b\n/,
    [/migrate\.yaml has a hook \(PreSync\): it runs once/, /^chooses files in waves/],
  ],
  [
    'images of Kustomize are a variant, by the name that they have by then',
    'path: apps/api, kustomize: {images: ["api=mirror/api:1.2", "cache@sha256:abc"]}',
    /variants:\n {2}- clusterSelector: \{\}\n {4}images:\n {4}- name: registry\/api\n {6}newName: mirror\/api\n {6}newTag: "?1\.2"?\n {4}- name: cache\n {6}digest: sha256:abc\n/,
    [],
  ],
  [
    'patches of Kustomize are a kustomization over the folder',
    'path: apps/api, kustomize: {namePrefix: eu-, commonLabels: {a: b}, labelWithoutSelector: true, components: [../part], patches: [{target: {kind: Deployment}, patch: "- op: add"}]}',
    /# apps\/shop\/web\.overlay\/kustomization\.yaml[\s\S]*resources:\n- \.\.\/\.\.\/\.\.\/apps\/api\n[\s\S]*components:\n- \.\.\/\.\.\/\.\.\/apps\/part\n/,
    [],
  ],
  [
    'parameters of Helm go into lists, too',
    'path: charts/shop, helm: {releaseName: app, parameters: [{name: "hosts[0].name", value: a}, {name: "list", value: "{1,b}"}]}',
    /values:\n {6}hosts:\n {6}- name: a\n {6}list:\n {6}- 1\n {6}- b\n/,
    [],
  ],
];
for (const [name, source, text, told] of cases)
  test(`argoComponents: ${name}`, () => {
    const made = run(source);
    match(made.text, text);
    deepEqual(made.told.length, told.length, made.told.join('\n'));
    for (const [index, reason] of told.entries()) match(made.told[index] ?? '', reason);
  });

test('importArgo: labels of the namespace are a Namespace', () =>
  match(
    run('path: apps/web', ', managedNamespaceMetadata: {labels: {team: shop}}').text,
    /kind: Namespace\n {6}metadata:\n {8}name: shop\n {8}labels:\n {10}team: shop/,
  ));
