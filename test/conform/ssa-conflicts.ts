/** Server-side apply by several hands: conflicts, force, shared fields, silent adoption. */
import { deepEqual } from 'node:assert/strict';
import { answered, type Case, causesOf, configMap, deployment, entriesOf, entry, refused, type Theme } from './case.ts';

const data = (...keys: readonly string[]): { readonly 'f:data': Readonly<Record<string, Record<string, never>>> } => ({
  'f:data': Object.fromEntries(keys.map((key) => [`f:${key}`, {}])),
});

const cases: readonly Case[] = [
  {
    name: 'another value of an applied field is 409 and says whose it is',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1' }), { manager: 'one' }));
      refused(409, await api.apply(path, configMap('a', { x: '2' }), { manager: 'two' }), {
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "one": .data.x',
        details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.x' }] },
      });
    },
  },
  {
    name: 'conflicts with several are listed by manager',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1', y: '1', z: '1' }), { manager: 'one' }));
      answered(200, await api.mergePatch(path, { data: { z: '2' } }, { fieldManager: 'two' }));
      const said = refused(
        409,
        await api.apply(path, configMap('a', { x: '3', y: '3', z: '3' }), { manager: 'three' }),
        {
          reason: 'Conflict',
          message:
            'Apply failed with 3 conflicts: conflicts with "one":\n- .data.x\n- .data.y\nconflicts with "two" using v1:\n- .data.z',
        },
      );
      deepEqual(causesOf(said), [
        { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.x' },
        { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.y' },
        { reason: 'FieldManagerConflict', message: 'conflict with "two" using v1', field: '.data.z' },
      ]);
    },
  },
  {
    name: 'a conflict inside a list names the item by its key',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      const image = (tag: string) =>
        deployment('web', {}, { image: `registry.example/main:${tag}`, env: [{ name: 'A', value: tag }] });
      answered(201, await api.apply(path, image('1'), { manager: 'one' }));
      refused(409, await api.apply(path, image('2'), { manager: 'two' }), {
        reason: 'Conflict',
        details: {
          causes: [
            { field: '.spec.template.spec.containers[name="main"].image' },
            { field: '.spec.template.spec.containers[name="main"].env[name="A"].value' },
          ],
        },
      });
    },
  },
  {
    name: 'force takes the field, and the others lose it',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1', y: '1' }), { manager: 'one' }));
      const forced = answered(200, await api.apply(path, configMap('a', { x: '2' }), { manager: 'two', force: true }));
      deepEqual(forced.data, { x: '2', y: '1' });
      deepEqual(entriesOf(forced), [entry('Apply', 'one', 'v1', data('y')), entry('Apply', 'two', 'v1', data('x'))]);
    },
  },
  {
    name: 'an equal value is shared without conflict, and then neither may change it alone',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1' }), { manager: 'one' }));
      const shared = answered(200, await api.apply(path, configMap('a', { x: '1' }), { manager: 'two' }));
      deepEqual(entriesOf(shared), [entry('Apply', 'one', 'v1', data('x')), entry('Apply', 'two', 'v1', data('x'))]);
      refused(409, await api.apply(path, configMap('a', { x: '2' }), { manager: 'one' }), {
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "two": .data.x',
      });
    },
  },
  {
    name: 'an object nobody applied is adopted silently where values are equal',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.create(`${core}/configmaps`, configMap('a', { x: '1' }), { fieldManager: 'creator' }));
      const adopted = answered(200, await api.apply(path, configMap('a', { x: '1' })));
      deepEqual(entriesOf(adopted), [
        entry('Apply', 'applier', 'v1', data('x')),
        entry('Update', 'creator', 'v1', { 'f:data': { '.': {}, 'f:x': {} } }),
      ]);
      refused(409, await api.apply(path, configMap('a', { x: '2' })), {
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "creator" using v1: .data.x',
      });
    },
  },
  {
    name: 'two controllers under one manager name erase each other without conflict',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      answered(201, await api.apply(path, configMap('a', { x: '1' }), { manager: 'same' }));
      const other = answered(200, await api.apply(path, configMap('a', { y: '1' }), { manager: 'same' }));
      deepEqual(other.data, { y: '1' });
      deepEqual(entriesOf(other), [entry('Apply', 'same', 'v1', data('y'))]);
    },
  },
  {
    name: 'after a scale, our apply is a conflict that force heals',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      const object = deployment('web', { replicas: 0 });
      answered(201, await api.apply(path, object));
      answered(200, await api.mergePatch(`${path}/scale`, { spec: { replicas: 1 } }, { fieldManager: 'scaler' }));
      const conflict = 'conflict with "scaler" with subresource "scale" using apps/v1';
      refused(409, await api.apply(path, object), {
        reason: 'Conflict',
        message: `Apply failed with 1 conflict: ${conflict}: .spec.replicas`,
        details: { causes: [{ reason: 'FieldManagerConflict', message: conflict, field: '.spec.replicas' }] },
      });
      const healed = answered(200, await api.apply(path, object, { force: true }));
      deepEqual(
        entriesOf(healed).map((each) => each.manager),
        ['applier'],
      );
    },
  },
  {
    name: 'a dry run tells of conflicts and changes nothing',
    run: async ({ api, core }) => {
      const path = `${core}/configmaps/a`;
      const made = answered(201, await api.apply(path, configMap('a', { x: '1' }), { manager: 'one' }));
      const query = { dryRun: 'All' };
      refused(409, await api.apply(path, configMap('a', { x: '2' }), { manager: 'two', query }), {
        reason: 'Conflict',
      });
      const dry = answered(
        200,
        await api.apply(path, configMap('a', { x: '2' }), { manager: 'two', force: true, query }),
      );
      deepEqual(entriesOf(dry), [entry('Apply', 'two', 'v1', data('x'))]);
      deepEqual(answered(200, await api.get(path)), made);
    },
  },
];

export const ssaConflicts: Theme = { name: 'ssa-conflicts', cases };
