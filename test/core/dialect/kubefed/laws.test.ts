/** Protects: what a namespace allows limits what is in it, whichever way either is said; overrides are applied in the order written. */
import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../../src/core/compile/compile.ts';
import { at } from '../../../../src/core/json/value.ts';
import { seededRng } from '../../../builder/rng.ts';
import { worldOf } from '../../../builder/world.ts';

const names = ['c1', 'c2', 'c3', 'c4'];
const plane = `apiVersion: core.kubefed.io/v1beta1
kind: KubeFedConfig
metadata: {name: kubefed, namespace: kube-federation-system}
spec: {scope: Cluster}
`;
/** In every group `g<n>` that has the n-th bit of its place. */
const clusters = names.map((name, index) => {
  const labels = [0, 1].map((bit) => `g${bit}: "${(index >> bit) & 1}"`).join(', ');
  return `apiVersion: core.kubefed.io/v1beta1
kind: KubeFedCluster
metadata: {name: ${name}, namespace: kube-federation-system, labels: {${labels}}}
spec: {apiEndpoint: "https://${name}", secretRef: {name: ${name}}}
`;
});

type Said = { readonly text: string; readonly means: readonly string[] };

function placementBy(next: () => number): Said {
  const isIn = names.filter(() => next() < 0.6);
  const listed = `clusters: [${isIn.map((name) => `{name: ${name}}`).join(', ')}]`;
  const bit = next() < 0.5 ? 0 : 1;
  const value = next() < 0.5 ? 0 : 1;
  const selector = `clusterSelector: {matchLabels: {g${bit}: "${value}"}}`;
  const selected = names.filter((_, index) => ((index >> bit) & 1) === value);
  const choices: readonly Said[] = [
    { text: `{${listed}}`, means: isIn },
    { text: `{${listed}, ${selector}}`, means: isIn },
    { text: `{${selector}}`, means: selected },
    { text: '{clusterSelector: {}}', means: names },
  ];
  return choices[Math.floor(next() * choices.length)] ?? { text: '{}', means: [] };
}

const federated = (kind: string, name: string, spec: string): string =>
  `apiVersion: types.kubefed.io/v1beta1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;

test('kubefed: an object goes where both it and its namespace go', () => {
  const rng = seededRng(11);
  for (let round = 0; round < 200; round++) {
    const [object, space] = [placementBy(() => rng.next()), placementBy(() => rng.next())];
    const text = [
      plane,
      ...clusters,
      federated('FederatedNamespace', 'shop', `{placement: ${space.text}}`),
      federated('FederatedConfigMap', 'web', `{template: {data: {a: "1"}}, placement: ${object.text}}`),
    ].join('---\n');
    const cells = [...compile(worldOf({ 'all.yaml': text })).cells.values()];
    const on = (app: string) =>
      cells
        .filter((cell) => cell.app === app)
        .map(({ cluster }) => String(cluster))
        .toSorted();
    deepEqual(on('shop/namespace-shop'), space.means, text);
    deepEqual(
      on('shop/configmap-web'),
      object.means.filter((name) => space.means.includes(name)),
      text,
    );
  }
});

test('kubefed: of several overrides of one cluster each sees what those before it did', () => {
  const items = ['{op: add, path: /data/b, value: "2"}', '{op: replace, path: /data, value: {c: "3"}}'];
  const dataBy = (overrides: readonly string[]) => {
    const spec = `{template: {data: {a: "1"}}, placement: {clusterSelector: {}}, overrides: [{clusterName: c1, clusterOverrides: [${overrides.join(', ')}]}]}`;
    const text = [...clusters, federated('FederatedConfigMap', 'web', spec)].join('---\n');
    const [cell] = [...compile(worldOf({ 'all.yaml': text })).cells.values()].filter(({ cluster }) => cluster === 'c1');
    return cell?.aim.kind === 'hold' ? cell.aim.rendering.objects.map(({ object }) => at(object, 'data')) : [];
  };
  deepEqual(dataBy(items), [{ c: '3' }]);
  deepEqual(dataBy(items.toReversed()), [{ c: '3', b: '2' }]);
});
