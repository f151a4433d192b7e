/** Protects: the laws of KubeService that its examples only show in part. */
import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compile } from '../../../../src/core/compile/compile.ts';
import type { KubeObject } from '../../../../src/core/model/object.ts';
import { cluster, worldOf } from '../../../builder/world.ts';

const voting = readFileSync(join(import.meta.dirname, '../../../../examples/kubeservice/voting.yaml'), 'utf8');

type Held = ReadonlyMap<string, KubeObject>;

/** By cluster, then by kind and name. */
function heldOn(names: readonly string[], text = voting): ReadonlyMap<string, Held> {
  const clusters = names.map((name) => cluster(name)).join('---\n');
  const { cells } = compile(worldOf({ 'clusters.yaml': clusters, 'voting.yaml': text }));
  return new Map(
    [...cells.values()].map(({ cluster: id, aim }): [string, Held] => [
      id,
      new Map(
        (aim.kind === 'hold' ? aim.rendering.objects : []).map(({ object }) => [
          `${object.kind} ${object.metadata.name}`,
          object,
        ]),
      ),
    ]),
  );
}

const fleet = ['desktop', 'minikube', 'third'];
const base = heldOn(fleet);
const on = (held: ReadonlyMap<string, Held>, name: string): Held => held.get(name) ?? new Map();
const withoutDeployments = (held: Held): readonly KubeObject[] =>
  [...held.values()].filter(({ kind }) => kind !== 'Deployment');

test('kubeservice: 10, 9 and 8 objects', () => {
  deepEqual(
    fleet.map((name) => on(base, name).size),
    [10, 9, 8],
  );
});

test('kubeservice: what is no Deployment is the same on all clusters', () => {
  for (const name of fleet) deepEqual(withoutDeployments(on(base, name)), withoutDeployments(on(base, 'third')));
});

test('kubeservice: a Deployment whose microservice names a cluster is on that one', () => {
  const counts = new Map<string, number>();
  for (const held of base.values())
    for (const name of held.keys()) if (name.startsWith('Deployment')) counts.set(name, (counts.get(name) ?? 0) + 1);
  deepEqual([...counts.values()], [1, 1, 1]);
});

test('kubeservice: the order of clusters changes nothing', () => {
  deepEqual(new Map([...heldOn(fleet.toReversed())].toSorted()), new Map([...base].toSorted()));
});

test('kubeservice: another current version changes the selector of the main Service, and nothing else', () => {
  const flipped = heldOn(fleet, voting.replace('currentVersionName: v1', 'currentVersionName: v2'));
  for (const name of fleet) {
    const [before, after] = [on(base, name), on(flipped, name)];
    deepEqual([...after.keys()], [...before.keys()]);
    for (const [id, object] of before) {
      if (id !== 'Service voting-web') deepEqual(after.get(id), object, `${id} on ${name}`);
    }
    notEqual(after.get('Service voting-web'), undefined);
    deepEqual(after.get('Service voting-web')?.spec, {
      ...(before.get('Service voting-web')?.spec as object),
      selector: { app: 'voting-web-for-kid' },
    });
  }
});

test('kubeservice: without a version its Deployment, its Service and its canary are gone, and nothing else', () => {
  const start = voting.indexOf('          - name: v2');
  const shorter = voting.slice(0, start) + voting.slice(voting.indexOf('        currentVersionName', start));
  const after = heldOn(fleet, shorter);
  const gone = (name: string) => [...on(base, name).keys()].filter((id) => !on(after, name).has(id)).toSorted();
  const leading = ['Ingress voting-sample-voting-web-v2-canary', 'Service voting-sample-voting-web-v2'];
  deepEqual(gone('desktop'), ['Deployment voting-sample-voting-web-v2', ...leading]);
  deepEqual(gone('third'), leading);
  for (const name of fleet) equal([...on(after, name).keys()].filter((id) => !on(base, name).has(id)).length, 0);
});
