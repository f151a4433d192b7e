/** What managedFields holds after writes to scale and status. */
import { deepEqual, equal } from 'node:assert/strict';
import { at, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, deployment, entriesOf, entry, refused, type Theme } from './case.ts';

const before = 'before-first-apply';

const cases: readonly Case[] = [
  {
    name: 'scale: an entry of its own subresource, at the version of the object',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      answered(201, await api.apply(path, deployment('web', { replicas: 0, paused: true })));
      answered(200, await api.mergePatch(`${path}/scale`, { spec: { replicas: 1 } }, { fieldManager: 'scaler' }));
      const live = answered(200, await api.get(path));
      const [applied, scaled] = entriesOf(live);
      deepEqual(scaled, entry('Update', 'scaler', 'apps/v1', { 'f:spec': { 'f:replicas': {} } }, 'scale'));
      equal(at(applied, 'fieldsV1', 'f:spec', 'f:replicas'), undefined);
    },
  },
  {
    name: 'scale by apply: in conflict even with the default, and an Apply entry of the scale subresource',
    run: async ({ api, apps }) => {
      const path = `${apps}/deployments/web`;
      answered(201, await api.apply(path, deployment('web', { paused: true })));
      const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' }, spec: { replicas: 2 } };
      refused(409, await api.apply(`${path}/scale`, scale, { manager: 'scaler' }), {
        reason: 'Conflict',
        message: `Apply failed with 1 conflict: conflict with "${before}" with subresource "scale" using autoscaling/v1: .spec.replicas`,
      });
      answered(200, await api.apply(`${path}/scale`, scale, { manager: 'scaler', force: true }));
      const entries = entriesOf(answered(200, await api.get(path)));
      deepEqual(
        entries.find((each) => each.manager === 'scaler'),
        entry('Apply', 'scaler', 'apps/v1', { 'f:spec': { 'f:replicas': {} } }, 'scale'),
      );
    },
  },
  {
    name: 'status: entries of the status subresource, by patch and by apply',
    run: async ({ api, group }) => {
      const path = `${group('networking.k8s.io/v1')}/ingresses/web`;
      const ingress: JsonObject = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web' } };
      answered(
        201,
        await api.apply(path, {
          ...ingress,
          spec: { ingressClassName: 'none', defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
        }),
      );
      const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
      answered(
        200,
        await api.mergePatch(
          `${path}/status`,
          { status, spec: { ingressClassName: 'other' } },
          { fieldManager: 'controller' },
        ),
      );
      const live = answered(200, await api.get(path));
      deepEqual([live.status, at(live, 'spec', 'ingressClassName')], [status, 'none']);
      const fields = { 'f:status': { 'f:loadBalancer': { 'f:ingress': {} } } };
      deepEqual(entriesOf(live)[1], entry('Update', 'controller', 'networking.k8s.io/v1', fields, 'status'));
      const applied = answered(
        200,
        await api.apply(`${path}/status`, { ...ingress, status }, { manager: 'controller' }),
      );
      deepEqual(
        entriesOf(applied).map(({ operation, subresource }) => [operation, subresource]),
        [
          ['Apply', undefined],
          ['Apply', 'status'],
          ['Update', 'status'],
        ],
      );
    },
  },
  {
    name: 'status sent to the object itself is dropped and not owned',
    run: async ({ api, group }) => {
      const path = `${group('networking.k8s.io/v1')}/ingresses/web`;
      const spec = { defaultBackend: { service: { name: 'web', port: { number: 80 } } } };
      const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
      const object = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web' }, spec, status };
      const made = answered(201, await api.apply(path, object));
      deepEqual(made.status, { loadBalancer: {} });
      deepEqual(Object.keys((entriesOf(made)[0]?.fieldsV1 ?? {}) as JsonObject), ['f:spec']);
    },
  },
];

export const subresourceFields: Theme = { name: 'subresource-fields', cases };
