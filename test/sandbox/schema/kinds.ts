/** Kinds by their names alone, as tables of tests name them. */
import type { JsonObject } from '../../../src/core/json/value.ts';
import { builtinSchema } from '../../../src/sandbox/schema/builtin.ts';
import type { Schema } from '../../../src/sandbox/schema/schema.ts';

const schemas: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  Ingress: 'networking.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
};
export const schemaOf = (kind: string): Schema => builtinSchema(schemas[kind] ?? 'v1', kind)!;
export const bodyOf = (kind: string, more: JsonObject): JsonObject => ({
  apiVersion: schemas[kind] ?? 'v1',
  kind,
  metadata: { name: 'x' },
  ...more,
});
