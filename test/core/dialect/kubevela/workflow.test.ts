/** Protects: whatever the steps, each cluster ends with what the last of them says, and nothing passes an approval by. */
import { deepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../../src/core/compile/compile.ts';
import { at, textOf } from '../../../../src/core/json/value.ts';
import { seededRng } from '../../../builder/rng.ts';
import { cluster, worldOf } from '../../../builder/world.ts';

const tiers = { a: 'canary', b: 'production', c: 'production', d: 'lab' } as const;
type Name = keyof typeof tiers;
const clusters = Object.keys(tiers) as readonly Name[];
const components = ['web', 'api', 'job'];

type Topology = { readonly names: readonly Name[]; readonly properties: Record<string, unknown> };
type Step = {
  readonly topology: Topology;
  readonly version: string;
  readonly selector: readonly string[] | undefined;
  readonly isWaiting: boolean;
};

type Draw = <Item>(items: readonly Item[]) => Item;

function topologyFrom(draw: Draw): Topology {
  if (draw([true, false])) {
    const names = clusters.filter(() => draw([true, false]));
    return { names, properties: { clusters: names } };
  }
  const tier = draw(['canary', 'production', 'lab', undefined]);
  const names = clusters.filter((name) => tier === undefined || tiers[name] === tier);
  return { names, properties: { clusterLabelSelector: tier === undefined ? {} : { tier } } };
}

const stepFrom = (draw: Draw, index: number, waits: boolean): Step => ({
  topology: topologyFrom(draw),
  version: draw(['same', `v${index}`]),
  selector: draw([undefined, undefined, components.filter(() => draw([true, true, false]))]),
  isWaiting: waits && draw([true, false, false]),
});

const map = (name: string, version: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { version },
});

function application(steps: readonly Step[]): string {
  const policies = steps.flatMap(({ topology, version, selector }, index) => [
    { name: `where-${index}`, type: 'topology', properties: topology.properties },
    {
      name: `what-${index}`,
      type: 'override',
      properties: {
        components: components.map((name) => ({ name, properties: { objects: [map(name, version)] } })),
        ...(selector === undefined ? {} : { selector }),
      },
    },
  ]);
  return JSON.stringify({
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: { name: 'app', namespace: 'shop' },
    spec: {
      components: components.map((name) => ({
        name,
        type: 'k8s-objects',
        properties: { objects: [map(name, 'same')] },
      })),
      policies,
      workflow: {
        steps: steps.map(({ isWaiting }, index) => ({
          name: `step-${index}`,
          type: 'deploy',
          properties: { auto: !isWaiting, policies: [`where-${index}`, `what-${index}`] },
        })),
      },
    },
  });
}

function compiled(steps: readonly Step[]) {
  const fleet = clusters.map((name) => cluster(name, `tier: ${tiers[name]}`)).join('---\n');
  return compile(worldOf({ 'app.yaml': application(steps), 'clusters.yaml': fleet }));
}

/** What each cluster holds: the version of each component. */
function heldBy({ cells }: ReturnType<typeof compile>): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...cells.values()].flatMap(({ cluster: name, aim }) => {
      if (aim.kind !== 'hold') return [];
      const held = aim.rendering.objects.map(({ object }) => [
        object.metadata.name,
        textOf(at(object, 'data', 'version')) ?? '',
      ]);
      return [[name, Object.fromEntries(held)]];
    }),
  );
}

const drawFrom = (seed: number): Draw => {
  const rng = seededRng(seed);
  return (items) => items[Math.floor(rng.next() * items.length)]!;
};

test('workflow: without approvals every cluster ends with what the last step says of each component', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const draw = drawFrom(seed);
    const steps = Array.from({ length: draw([1, 2, 3, 4]) }, (_, index) => stepFrom(draw, index, false));
    const wanted = new Map<string, Map<string, string>>();
    for (const { topology, version, selector } of steps) {
      for (const name of topology.names) {
        const held = wanted.get(name) ?? new Map<string, string>();
        for (const component of selector ?? components) held.set(component, version);
        if (held.size > 0) wanted.set(name, held);
      }
    }
    const result = compiled(steps);
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    const expected = Object.fromEntries([...wanted].map(([name, held]) => [name, Object.fromEntries(held)]));
    const held = Object.fromEntries(Object.entries(heldBy(result)).filter(([, each]) => Object.keys(each).length > 0));
    if (errors.length === 0) deepEqual(held, expected, `seed ${seed}: ${application(steps)}`);
    else
      ok(
        errors.every((message) => /no step|deploys/.test(message)),
        `seed ${seed}: ${errors.join('; ')}`,
      );
  }
});

test('workflow: what only a waiting step says reaches no cluster without a pin', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const draw = drawFrom(1_000 + seed);
    const steps = Array.from({ length: draw([2, 3, 4]) }, (_, index) => stepFrom(draw, index, true));
    const free = new Set(steps.filter(({ isWaiting }) => !isWaiting).map(({ version }) => version));
    const held = heldBy(compiled(steps));
    for (const [name, each] of Object.entries(held)) {
      for (const [component, version] of Object.entries(each))
        ok(free.has(version), `seed ${seed}: ${component} ${version} on ${name}: ${application(steps)}`);
    }
  }
});
