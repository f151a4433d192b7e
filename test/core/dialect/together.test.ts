/** Protects: dialects beside each other, in one repository or in several of one fleet, do not disturb each other. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../src/core/compile/compile.ts';
import type { Source } from '../../../src/core/compile/world.ts';
import { isError } from '../../../src/core/model/diagnostic.ts';
import { after, cluster, sourceOf, type Texts, worldOf } from '../../builder/world.ts';
import { describeCell, outcomeOf } from '../../golden/outcome.ts';

const fleet = ['c1', 'c2'];
const clusters: Texts = { 'clusters.yaml': fleet.map((name) => cluster(name)).join('---\n') };

const pods = (name: string): string =>
  `selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: ${name}, image: nginx}]}}`;

/** One Deployment `shop/<name>-v1` on every cluster, as each of them says it. */
const dialects: Readonly<Record<string, (name: string) => string>> = {
  native: (name) => `apiVersion: landfall.dev/v1alpha1
kind: App
metadata: {name: ${name}, namespace: shop}
spec: {components: [{objects: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}-v1}, spec: {replicas: 1, ${pods(name)}}}]}]}
---
apiVersion: landfall.dev/v1alpha1
kind: Placement
metadata: {name: ${name}, namespace: shop}
spec: {apps: [${name}], stages: [{name: all, clusterNames: [c1, c2]}]}
`,
  kubefed: (name) => `apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata: {name: ${name}-v1, namespace: shop}
spec: {template: {spec: {replicas: 1, ${pods(name)}}}, placement: {clusters: [{name: c1}, {name: c2}]}}
`,
  'federation-v1': (name) => `apiVersion: extensions/v1beta1
kind: Deployment
metadata:
  name: ${name}-v1
  namespace: shop
  annotations: {federation.kubernetes.io/deployment-preferences: '{"clusters": {"*": {"weight": 1}}}'}
spec: {replicas: 2, ${pods(name)}}
`,
  kubeservice: (name) => `apiVersion: app.o0w0o.cn/v1
kind: MicroService
metadata: {name: ${name}, namespace: shop, annotations: {kubeservice.landfall.dev/without-cluster-name: all}}
spec: {currentVersionName: v1, versions: [{name: v1, template: {replicas: 1, ${pods(name)}}}]}
`,
  kubevela: (name) => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: ${name}-app, namespace: shop}
spec:
  components: [{name: ${name}-v1, type: webservice, properties: {image: nginx}}]
  policies: [{name: where, type: topology, properties: {clusters: [c1, c2]}}]
`,
};
const names = Object.keys(dialects);
const file = (dialect: string, name: string): Texts => ({ [`${dialect}.yaml`]: dialects[dialect]?.(name) ?? '' });
const each = (): readonly Texts[] => names.map((dialect, index) => file(dialect, `app${index}`));

/** What every cell comes to, by its id. */
const comesTo = (sources: readonly Source[] | Texts): ReadonlyMap<string, string> =>
  new Map([...outcomeOf(worldOf(sources)).cells].map(([id, cell]) => [id, describeCell(cell)]));

const alone = new Map(each().flatMap((texts) => [...comesTo({ ...clusters, ...texts })]));

test('dialects: each of them alone is a cell on every cluster', () => {
  equal(alone.size, names.length * fleet.length);
  for (const texts of each()) {
    const { diagnostics } = compile(worldOf({ ...clusters, ...texts }));
    deepEqual(diagnostics.filter(isError), [], Object.keys(texts).join());
  }
});

test('dialects: all of them in one repository come to what each comes to alone', () => {
  const all = Object.assign({}, clusters, ...each()) as Texts;
  deepEqual(comesTo(all), alone);
});

test('dialects: all of them in a repository each come to what each comes to alone', () => {
  const sources = each().map((texts, index) => sourceOf(texts, { id: `team-${index}`, role: 'operator' }));
  deepEqual(comesTo([sourceOf(clusters, { id: 'fleet', role: 'operator' }), ...sources]), alone);
});

for (const [index, dialect] of names.entries()) {
  test(`dialects: ${dialect}'s file with errors, and without it, leaves the others as they are`, () => {
    const all = Object.assign({}, clusters, ...each()) as Texts;
    const world = worldOf(all);
    const applied = after(compile(world), world);
    const path = `${dialect}.yaml`;
    const broken = outcomeOf({
      ...worldOf({ ...all, [path]: `${all[path] ?? ''}---\n{` }),
      observed: applied.observed,
    });
    deepEqual([...broken.deletes], []);
    const { [path]: _gone, ...rest } = all;
    const without = outcomeOf({ ...worldOf(rest), observed: applied.observed });
    equal(without.deletes.size, fleet.length);
    for (const line of without.deletes) ok(line.includes(`app${index}-v1`), line);
  });
}

for (const [index, first] of names.entries()) {
  for (const second of names.slice(index + 1)) {
    test(`dialects: one Deployment of ${first} and of ${second} is refused, and both are named`, () => {
      const before = worldOf({ ...clusters, ...file(first, 'web') });
      const { observed } = after(compile(before), before);
      const together: Texts = { ...clusters, ...file(first, 'web'), ...file(second, 'web') };
      const sources = [first, second].map((name) => sourceOf(file(name, 'web'), { id: name, role: 'operator' }));
      const apart = [sourceOf(clusters, { id: 'fleet', role: 'operator' }), ...sources];
      for (const world of [worldOf(together), worldOf(apart)]) {
        // Where both are called alike it is the App that is there twice.
        const twice = compile({ ...world, observed }).diagnostics.filter(isError);
        ok(twice.length > 0);
        for (const { code, origin, message } of twice) {
          ok(['A1501', 'A1208'].includes(code), `${code} ${message}`);
          const other = origin.path === `${first}.yaml` ? second : first;
          ok(message.includes(`${other}.yaml:`), message);
        }
        deepEqual([...outcomeOf({ ...world, observed }).deletes], []);
      }
    });
  }
}
