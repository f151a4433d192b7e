/** What the registry does to an object after admission and before it is stored: fields that no client decides. */

import { equal } from '../../core/json/equal.ts';
import { isObject, type Json, type JsonObject, numberOf, withFields } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { readWhole } from './decode.ts';
import type { Schema } from './schema.ts';
import { withoutEmptied } from './stored.ts';
import { createdAs, updatedAs } from './strategies/kinds.ts';
import type { Allocator } from './strategies/service.ts';
import { zeroStruct } from './zero.ts';

export type { Allocator } from './strategies/service.ts';

type Metadata = KubeObject['metadata'];

// Of these, and of every custom kind, changes of what is wanted are counted.
const counted = new Set(
  [
    'apps/Deployment apps/DaemonSet apps/StatefulSet apps/ReplicaSet batch/Job batch/CronJob /Pod /PodTemplate',
    '/ReplicationController scheduling.k8s.io/PriorityClass networking.k8s.io/IngressClass networking.k8s.io/Ingress',
    'networking.k8s.io/NetworkPolicy discovery.k8s.io/EndpointSlice policy/PodDisruptionBudget',
    'resource.k8s.io/ResourceSlice resource.k8s.io/DeviceClass flowcontrol.apiserver.k8s.io/FlowSchema',
    'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration apiextensions.k8s.io/CustomResourceDefinition',
    'admissionregistration.k8s.io/ValidatingAdmissionPolicy admissionregistration.k8s.io/MutatingAdmissionPolicy',
    'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
    'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  ].flatMap((line) => line.split(' ')),
);

const nameOf = (schema: Schema): string => `${schema.group}/${schema.kind}`;
const isCounted = (schema: Schema): boolean => schema.custom !== undefined || counted.has(nameOf(schema));
const hasStatus = (schema: Schema): boolean => schema.resource.subresources.some(({ name }) => name === 'status');

/**
 * Makes an object ready to be stored for the first time.
 *
 * Shape: name, uid and creationTimestamp are set already; Jobs select by uid.
 */
export function prepareCreate(schema: Schema, object: KubeObject, allocate: Allocator): KubeObject {
  const generation = isCounted(schema) ? 1 : undefined;
  const metadata: Metadata = { ...withFields(object.metadata, { generation }), name: object.metadata.name };
  const fresh = withFreshStatus(schema, { ...object, metadata });
  if (schema.custom === undefined) return withoutEmptied(createdAs(schema, fresh, allocate), schema.type);
  // An applied object has not been pruned yet.
  const read = readWhole(schema, fresh);
  return read.kind === 'read' ? read.value : fresh;
}

function withFreshStatus(schema: Schema, object: KubeObject): KubeObject {
  // A kubelet reports its node's status with the node itself.
  if (!hasStatus(schema) || nameOf(schema) === '/Node') return object;
  if (schema.custom !== undefined) return named(withFields(object, { status: undefined }));
  const status = schema.type.map?.fields.get('status')?.type.map;
  return status === undefined ? object : { ...object, status: zeroStruct(status) };
}

// What is known of every object is not lost by setting other fields.
const named = (object: JsonObject): KubeObject => object as KubeObject;

/**
 * Makes a changed object ready to be stored.
 *
 * Shape: what the request must not change is as it was: the status here, the rest on `status`, what identifies the
 * object always. The count of changes goes up when what is wanted changed.
 */
export function prepareUpdate(
  schema: Schema,
  live: KubeObject,
  next: KubeObject,
  subresource: string,
  allocate: Allocator,
): KubeObject {
  const merged = subresource === 'status' ? ofStatus(schema, live, next) : ofMain(schema, live, next, allocate);
  const kept = { ...merged, metadata: keptMetadata(live.metadata, merged.metadata) };
  const written = schema.custom === undefined ? withoutEmptied(kept, schema.type) : kept;
  // A status request may change annotations, which count for a Deployment elsewhere.
  const isChanged = subresource !== 'status' && isCounted(schema) && !isSameWish(schema, live, written);
  if (!isChanged) return written;
  const generation = (numberOf(live.metadata.generation) ?? 0) + 1;
  return { ...written, metadata: { ...written.metadata, generation } };
}

function keptMetadata(live: Metadata, next: Metadata): Metadata {
  return {
    ...withFields(next, {
      uid: next.uid ?? live.uid,
      creationTimestamp: live.creationTimestamp,
      generation: live.generation,
      deletionTimestamp: live.deletionTimestamp ?? next.deletionTimestamp,
      deletionGracePeriodSeconds: next.deletionGracePeriodSeconds ?? live.deletionGracePeriodSeconds,
    }),
    name: next.name,
  };
}

function ofMain(schema: Schema, live: KubeObject, next: KubeObject, allocate: Allocator): KubeObject {
  const kept = hasStatus(schema) ? named(withFields(next, { status: live.status })) : next;
  return schema.custom === undefined ? updatedAs(schema, live, kept, allocate) : kept;
}

// Kinds whose status requests leave all metadata as it was.
const keepMetadata = new Set([
  'networking.k8s.io/ServiceCIDR',
  'resource.k8s.io/ResourceClaim',
  'storage.k8s.io/VolumeAttachment',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'apiregistration.k8s.io/APIService',
]);

function ofStatus(schema: Schema, live: KubeObject, next: KubeObject): KubeObject {
  const { resourceVersion } = next.metadata;
  const metadata: Metadata = { ...withFields(live.metadata, { resourceVersion }), name: live.metadata.name };
  if (schema.custom !== undefined) return named(withFields({ ...live, metadata }, { status: next.status }));
  const spec = withFields(next, { spec: live.spec });
  if (keepMetadata.has(nameOf(schema))) return { ...named(spec), metadata };
  const reset: { readonly [field: string]: Json | undefined } =
    nameOf(schema) === 'apps/Deployment'
      ? { labels: live.metadata.labels }
      : nameOf(schema) === '/Pod'
        ? { ownerReferences: live.metadata.ownerReferences, deletionTimestamp: undefined }
        : {};
  return { ...named(spec), metadata: { ...withFields(next.metadata, reset), name: next.metadata.name } };
}

function isSameWish(schema: Schema, live: KubeObject, next: KubeObject): boolean {
  if (schema.custom !== undefined) return equal(wishOf(schema, live), wishOf(schema, next));
  switch (nameOf(schema)) {
    case 'apps/Deployment':
      return equal(live.spec, next.spec) && equal(live.metadata.annotations, next.metadata.annotations);
    case '/PodTemplate':
      return equal(live.template, next.template);
    case 'apiextensions.k8s.io/CustomResourceDefinition':
      return equal(live.spec, next.spec);
    default:
      return isObject(live.spec) ? equal(live.spec, next.spec) : equal(wishOf(schema, live), wishOf(schema, next));
  }
}

/** All of an object but its metadata, and its status where that is another's. */
function wishOf(schema: Schema, object: KubeObject): JsonObject {
  const status = hasStatus(schema) ? undefined : object.status;
  return withFields(object, { apiVersion: undefined, metadata: undefined, status });
}
