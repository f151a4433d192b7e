/** Protects: on a real API server what is ours is healed and what is others' is left alone, by whatever means it changed. */
import { deepEqual, equal } from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { app, configMap, deployment, placement } from '../builder/manifest.ts';
import type { ApiServer } from './api-server.ts';
import { isObjectRequest, isWrite } from './audit-log.ts';
import { type Edit, healed, leftAlone, ours } from './story/edits.ts';
import { installedMembers, type Member } from './story/installed.ts';
import { clusterFiles, type FleetMark, openScene, type Scene } from './story/scene.ts';
import { becomes, fieldBecomes, fieldOf, kubectlOf, type Place, seen } from './story/witness.ts';

/** Each edit has an object of its own: what is changed back again and again is a fight, and another matter. */
const objects = [...healed, ...leftAlone].map((edit, index) => ({ edit, name: `${edit.kind}-${index}` }));
const nameFor = (edit: Edit): string => objects.find((each) => each.edit === edit)?.name ?? '';
const placeOf = (edit: Edit): Place => ['shop', `${edit.kind}/${nameFor(edit)}`];
const scaled: Place = ['shop', 'deployment/scaled'];
const barrier: Place = ['shop', 'configmap/barrier'];

const component = (barrierValue: string, scaledImage: string = ours.image): string =>
  [
    ...objects.map(({ edit, name }) =>
      edit.kind === 'configmap' ? configMap(name, ours.value) : deployment(name, ours.image, ours.replicas),
    ),
    deployment('scaled', scaledImage, ours.replicas),
    configMap('barrier', barrierValue),
  ].join('---\n');

const members = await installedMembers();
const member = members[0];
if (member === undefined) test('drift', { skip: 'no Kubernetes to run' });
else describe('drift', () => heal(member));

function heal(member: Member): void {
  const { server } = member;
  const kubectl = kubectlOf(server);
  let scene: Scene;
  after(() => scene.close());

  before(async () => {
    scene = await openScene('drift', [member]);
    const commit = await scene.push({
      ...clusterFiles([member], () => ({})),
      'web.yaml': `${app('web')}---\n${placement('web', ['{name: all, clusterSelector: {}}'])}`,
      'apps/web/web.yaml': component('0'),
    });
    await scene.controller.start();
    await scene.told(commit, /^success landfall\/shop\/web — /m);
  });

  /** What Landfall has seen of the cluster by then, it has answered: an own change came after, and is there. */
  let count = 0;
  const pass = async (image?: string): Promise<void> => {
    count += 1;
    await scene.push({ 'apps/web/web.yaml': component(String(count), image) });
    await fieldBecomes(server, barrier, ['data', 'value'], String(count));
  };

  for (const edit of healed) {
    test(`drift: ${edit.name} is healed`, async () => {
      const mark = scene.mark();
      await make(server, edit);
      await becomes(
        'a write',
        async () => writesTo(nameFor(edit), mark),
        (count) => count > 0,
      );
      await becomes(edit.name, async () => edit.look(await seen(server, placeOf(edit))), edit.ends);
    });
  }

  test('drift: what is left alone is not written to, nor asked for', async () => {
    const mark = scene.mark();
    for (const edit of leftAlone) await make(server, edit);
    await pass();
    for (const edit of leftAlone) deepEqual(edit.look(await seen(server, placeOf(edit))), edit.ends, edit.name);
    const requests = scene.sentSince(mark).filter(isObjectRequest);
    const theirs = new Set(leftAlone.map(nameFor));
    deepEqual(
      requests.filter(({ name }) => theirs.has(name)).map(({ verb, resource, name }) => `${verb} ${resource} ${name}`),
      [],
    );
  });

  test('drift: an autoscaler takes the replicas over without a dip, and keeps them through a new version', async () => {
    const counts: string[] = [];
    const watching = server.kubectl(
      [
        '-n',
        'shop',
        'get',
        'deployment/scaled',
        '-w',
        '-o',
        'jsonpath={.spec.replicas} {.spec.template.spec.containers[0].image}{"\\n"}',
      ],
      { isEnough: (text) => text.includes('7 web:2'), timeoutMs: 60_000 },
    );
    await kubectl('-n', 'shop', 'autoscale', 'deployment', 'scaled', '--min=1', '--max=9');
    await becomes(
      'replicas let go of',
      () => fieldOwners(server, scaled),
      (owners) => !owners.includes('landfall-default'),
    );
    equal(await fieldOf(server, scaled, 'spec', 'replicas'), ours.replicas);
    // What the autoscaler does: it writes through the scale subresource.
    await kubectl('-n', 'shop', 'scale', 'deployment/scaled', '--replicas=7');
    await pass('web:2');
    counts.push(...(await watching).stdout.split('\n').filter((line) => line !== ''));
    deepEqual([...new Set(counts)], [`${ours.replicas} web:1`, '7 web:1', '7 web:2']);
  });

  const writesTo = (name: string, mark: FleetMark): number =>
    scene.sentSince(mark).filter((request) => request.name === name && isWrite(request)).length;

  async function make(target: ApiServer, edit: Edit): Promise<void> {
    const [, object] = placeOf(edit);
    const name = nameFor(edit);
    const args = ['-n', 'shop', ...edit.kubectl(object)];
    const input = edit.input?.(name);
    const { code, stderr } = await target.kubectl(args, input === undefined ? {} : { input });
    equal(code, 0, stderr);
  }
}

/** Who owns `spec.replicas`, as kubectl shows it. */
async function fieldOwners(server: ApiServer, [namespace, object]: Place): Promise<readonly string[]> {
  const text = await kubectlOf(server)(
    ...['-n', namespace, 'get', object, '--show-managed-fields', '-o'],
    'jsonpath={range .metadata.managedFields[*]}{.manager}{" "}{.fieldsV1.f:spec.f:replicas}{"\\n"}{end}',
  );
  return text.split('\n').flatMap((line) => (line.endsWith('{}') ? [line.split(' ')[0] ?? ''] : []));
}
