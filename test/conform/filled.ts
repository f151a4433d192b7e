/** A pod template as it is written and as it is kept, and the case that compares. */
import { deepEqual } from 'node:assert/strict';
import type { JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case } from './case.ts';

export const containerDefaults = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
  resources: {},
};
export const main = { name: 'main', image: 'registry.example/main:1' };
export const podDefaults = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
};
export const labels = { app: 'web' };
export const selector = { matchLabels: labels };
export const template = (container: JsonObject = {}, pod: JsonObject = {}): JsonObject => ({
  metadata: { labels },
  spec: { containers: [{ ...main, ...container }], ...pod },
});
export const filled = (container: JsonObject = {}, pod: JsonObject = {}): JsonObject => ({
  metadata: { labels },
  spec: { containers: [{ ...main, ...containerDefaults, ...container }], ...podDefaults, ...pod },
});
export type Default = {
  readonly name: string;
  /** Group and version, then the resource. */
  readonly at: readonly [string, string];
  readonly spec: JsonObject;
  /** The whole spec as it is kept. */
  readonly expected: JsonObject;
};

export const keeps = ({ name, at: [version, resource], spec, expected }: Default): Case => ({
  name,
  run: async ({ api, core, group }) => {
    const path = version === 'v1' ? core : group(version);
    const made = answered(201, await api.create(`${path}/${resource}`, { metadata: { name: 'web' }, spec }));
    deepEqual(made.spec, expected);
  },
});
