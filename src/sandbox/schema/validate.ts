/** What the API server refuses with 422: values that are missing, malformed, or must not change. */
import type { KubeObject } from '../../core/model/object.ts';
import { invalid, type Refusal } from './refusal.ts';
import type { Schema } from './schema.ts';
import { checkCustom } from './validation/custom.ts';
import { checkDefinition } from './validation/definition.ts';
import { Findings } from './validation/findings.ts';
import { checkIngress } from './validation/ingress.ts';
import {
  checkAutoscaler,
  checkBinding,
  checkBudget,
  checkClaim,
  checkConfigMap,
  checkPod,
  checkRole,
  checkSecret,
  checkService,
} from './validation/kinds.ts';
import { checkChanged, checkCreated } from './validation/metadata.ts';
import {
  type Check,
  checkCronJob,
  checkDaemonSet,
  checkDeployment,
  checkJob,
  checkReplicaSet,
  checkStatefulSet,
} from './validation/workload.ts';

const checks: Readonly<Record<string, Check>> = {
  'apps/Deployment': checkDeployment,
  'apps/ReplicaSet': checkReplicaSet,
  'apps/DaemonSet': checkDaemonSet,
  'apps/StatefulSet': checkStatefulSet,
  'batch/Job': checkJob,
  'batch/CronJob': checkCronJob,
  '/Pod': checkPod,
  '/Service': checkService,
  '/ConfigMap': checkConfigMap,
  '/Secret': checkSecret,
  '/PersistentVolumeClaim': checkClaim,
  'rbac.authorization.k8s.io/Role': checkRole,
  'rbac.authorization.k8s.io/ClusterRole': checkRole,
  'rbac.authorization.k8s.io/RoleBinding': checkBinding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': checkBinding,
  'autoscaling/HorizontalPodAutoscaler': checkAutoscaler,
  'policy/PodDisruptionBudget': checkBudget,
  'networking.k8s.io/Ingress': checkIngress,
  'apiextensions.k8s.io/CustomResourceDefinition': checkDefinition,
};

/**
 * Checks an object that is about to be stored; `live` is undefined when it is new.
 *
 * Shape: undefined when nothing was found; a real server looks for more. Both objects are at the version of `schema`.
 */
export function validate(
  schema: Schema,
  object: KubeObject,
  live: KubeObject | undefined,
  subresource: string,
): Refusal | undefined {
  const findings = new Findings();
  if (live === undefined) checkCreated(schema, object.metadata, findings);
  else checkChanged(live.metadata, object.metadata, findings);
  // A status is nobody's wish: only custom kinds say what it may hold.
  if (schema.custom !== undefined) checkCustom(object, live === undefined, schema.custom.structural, findings);
  else if (subresource !== 'status') checks[`${schema.group}/${schema.kind}`]?.(object, live, findings);
  if (findings.causes.length === 0) return undefined;
  const { group, kind } = schema;
  return invalid({ group, kind, name: object.metadata.name ?? '' }, findings.causes).refusal;
}
