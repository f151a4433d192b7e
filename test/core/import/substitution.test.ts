/** What `postBuild` of Flux puts in, as patches: the same values of the same types as kustomize-controller would send. */
import { deepEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import { expand, plainNames } from '../../../src/core/import/flux/envsubst.ts';
import { importFlux } from '../../../src/core/import/flux/flux.ts';
import { at, isArray, type Json } from '../../../src/core/json/value.ts';
import { around, objectsOf, reasonsOf } from './scene.ts';

const values = new Map([
  ['a', '1'],
  ['empty', ''],
]);
const expansions: readonly (readonly [string, string | undefined])[] = [
  ['${a}-${a}', '1-1'],
  ['$a and $${a}', '$a and ${a}'],
  ['[${unknown}]', '[]'],
  ['${unknown:=x}${unknown:-y}${unknown=z}', 'xyz'],
  ['${empty:=x}${empty=y}', 'x'],
  ['${unknown:=a:b-c}', 'a:b-c'],
  ['${a^}', undefined],
  ['${a:0:1}', undefined],
];
for (const [text, expected] of expansions) test(`expand: ${text}`, () => deepEqual(expand(text, values), expected));

test('plainNames: only where nothing is said but names', () => {
  deepEqual(plainNames('x ${a} $${b} ${c_1}'), ['a', 'c_1']);
  deepEqual(plainNames('${a:=1}'), undefined);
});

const first = (list: Json | undefined, field: string): Json | undefined =>
  isArray(list) ? at(list[0], field) : undefined;

/** What a manifest with variables comes to. */
function imported(manifest: string, postBuild: string, beside = '') {
  const text = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {url: "https://git.example.com/shop/deploy"}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: flux-system}
spec: {prune: true, path: vars, sourceRef: {kind: GitRepository, name: fleet}, postBuild: ${postBuild}}
---
${beside}`;
  const world = { ...around, paths: new Set(['vars/a.yaml']), read: () => manifest };
  const all = importFlux(objectsOf(text), world);
  const [app] = all.files.get('apps/flux-system/web.app.yaml') ?? [];
  const patches = first(at(app, 'spec', 'variants'), 'patches');
  return { patches, variables: at(app, 'spec', 'variables'), reasons: reasonsOf(all).join('\n') };
}

const deployment = (more: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: ${more}\n`;
const operations = (patches: Json | undefined): Json | undefined => first(patches, 'patch');

test('substitution: a value that is all of a field has the type that it looks like, quoted or not', () => {
  const { patches, variables } = imported(
    deployment('\n  replicas: "${count}"\n  paused: ${halt}\n  minReadySeconds: ${wait:=5}'),
    '{substitute: {count: "2", halt: "true"}}',
  );
  deepEqual(operations(patches), [
    { op: 'replace', path: '/spec/replicas', value: 2 },
    { op: 'replace', path: '/spec/paused', value: true },
    { op: 'replace', path: '/spec/minReadySeconds', value: 5 },
  ]);
  deepEqual(variables, undefined);
});

test('substitution: a text keeps its variables where Landfall reads them as Flux does, else it has the value', () => {
  const { patches, variables } = imported(
    deployment('{a: "web.${domain}", b: "${name}", c: "${domain:=x}", d: "$${kept} ${lost}", e: as-it-is}'),
    '{substitute: {domain: example.com, name: mine}}',
  );
  deepEqual(operations(patches), [
    { op: 'replace', path: '/spec/a', value: 'web.${domain}' },
    { op: 'replace', path: '/spec/b', value: 'mine' },
    { op: 'replace', path: '/spec/c', value: 'example.com' },
    { op: 'replace', path: '/spec/d', value: '$${kept}' },
  ]);
  deepEqual(variables, { domain: 'example.com' });
});

test('substitution: ConfigMaps give values, the Kustomization wins, and the report says where they came from', () => {
  const beside =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars, namespace: flux-system}\ndata: {a: one, b: two}\n';
  const { variables, reasons } = imported(
    deployment('{a: "${a}", b: "${b}"}'),
    '{substituteFrom: [{kind: ConfigMap, name: vars}, {kind: ConfigMap, name: lost, optional: true}], substitute: {b: three}}',
    beside,
  );
  deepEqual(variables, { a: 'one', b: 'three' });
  match(reasons, /takes variables from ConfigMap vars, ConfigMap lost; their values are in its App now/);
});

test('substitution: what says that it is to be left alone is', () => {
  const manifest = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}}\ndata: {a: "\${a}"}\n`;
  deepEqual(imported(manifest, '{substitute: {a: b}}').patches, undefined);
});

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['a name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "${a}"}\n', /names an object by a variable/],
  ['the name of a field', deployment('{"${a}": 1}'), /the name of field `\$\{a\}` is one/],
  ['a function', deployment('{b: "${a^^}"}'), /has a function that is not known here/],
  ['what is no YAML without values', 'spec: {a: [${a}\n', /cannot be read without them/],
];
for (const [name, manifest, reason] of refused)
  test(`substitution: ${name} is not imported, with the reason`, () => {
    const { patches, reasons } = imported(manifest, '{substitute: {a: b}}');
    deepEqual(patches, undefined);
    match(reasons, reason);
  });
