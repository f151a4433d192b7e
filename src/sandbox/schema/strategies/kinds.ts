/** What the registry does with some kinds and not with others, when they are created and when they change. */

import { equal } from '../../../core/json/equal.ts';
import { at, isArray, isObject, type Json, type JsonObject, textOf, withFields } from '../../../core/json/value.ts';
import type { KubeObject } from '../../../core/model/object.ts';
import { withDefaults, within } from '../defaults/fill.ts';
import type { Schema } from '../schema.ts';
import { type Allocator, createdService, updatedService } from './service.ts';

/** Shape: `object` has its name and uid, and a fresh status. */
export function createdAs(schema: Schema, object: KubeObject, allocate: Allocator): KubeObject {
  switch (`${schema.group}/${schema.kind}`) {
    case '/Service':
      return createdService(object, allocate);
    case '/Pod':
      return createdPod(object);
    case '/Namespace':
      return createdNamespace(object);
    case '/PersistentVolume':
      return withFinalizer({ ...object, status: { phase: 'Pending' } }, 'kubernetes.io/pv-protection');
    case '/PersistentVolumeClaim':
      return withFinalizer({ ...object, status: { phase: 'Pending' } }, 'kubernetes.io/pvc-protection');
    case 'apps/DaemonSet':
      return withTemplateGeneration(object, 1);
    case 'apps/StatefulSet':
      return withoutMaxUnavailable(object);
    case 'batch/Job':
      return object.spec !== undefined && at(object, 'spec', 'manualSelector') === true
        ? object
        : selectedByUid(object);
    case 'apiextensions.k8s.io/CustomResourceDefinition':
      return createdDefinition(object);
    default:
      return object;
  }
}

/** Shape: `next` has the live status already. */
export function updatedAs(schema: Schema, live: KubeObject, next: KubeObject, allocate: Allocator): KubeObject {
  switch (`${schema.group}/${schema.kind}`) {
    case '/Service':
      return updatedService(live, next, allocate);
    case '/Namespace':
      return { ...next, spec: live.spec ?? {} };
    case 'apps/StatefulSet':
      return at(live, ...maxUnavailable) === undefined ? withoutMaxUnavailable(next) : next;
    case 'apps/DaemonSet': {
      const before = templateGenerationOf(live);
      const isSame = equal(at(live, 'spec', 'template'), at(next, 'spec', 'template'));
      return withTemplateGeneration(next, isSame ? before : before + 1);
    }
    default:
      return next;
  }
}

// The rest of what is known of an object stays when one of its fields is set.
const kept = (object: JsonObject): KubeObject => object as KubeObject;

function withFinalizer(object: KubeObject, finalizer: string): KubeObject {
  const finalizers = object.metadata.finalizers;
  const present = isArray(finalizers) ? finalizers : [];
  if (present.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...present, finalizer] } };
}

function createdNamespace(object: KubeObject): KubeObject {
  const finalizers = at(object, 'spec', 'finalizers');
  const present = isArray(finalizers) ? finalizers : [];
  const all = present.includes('kubernetes') ? present : [...present, 'kubernetes'];
  const spec = isObject(object.spec) ? object.spec : {};
  return { ...object, spec: { ...spec, finalizers: all }, status: { phase: 'Active' } };
}

const tolerationFor = (condition: string): JsonObject => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
});

// Priority and patience with sick nodes come from admission; nobody owns them.
function createdPod(object: KubeObject): KubeObject {
  const patient = within(object, 'spec', (spec) => {
    const tolerations = isArray(spec.tolerations) ? spec.tolerations : [];
    const missing = ['not-ready', 'unreachable']
      .map(tolerationFor)
      .filter(({ key }) => !tolerations.some((one) => at(one, 'key') === key || at(one, 'key') === undefined));
    return withDefaults(
      { ...spec, tolerations: [...tolerations, ...missing] },
      { priority: 0, preemptionPolicy: 'PreemptLowerPriority' },
    );
  });
  return { ...kept(patient), status: { phase: 'Pending', qosClass: qualityOf(object) } };
}

/** How a pod is treated when memory is short: by how its containers' requests and limits stand to each other. */
function qualityOf(pod: KubeObject): string {
  const of = (field: string): readonly Json[] => {
    const list = at(pod, 'spec', field);
    return isArray(list) ? list : [];
  };
  const containers = [...of('initContainers'), ...of('containers')];
  const amounts = containers.map((container) =>
    ['cpu', 'memory'].map((name) => [
      at(container, 'resources', 'requests', name),
      at(container, 'resources', 'limits', name),
    ]),
  );
  if (amounts.flat(2).every((amount) => amount === undefined || amount === '0')) return 'BestEffort';
  const isGuaranteed = amounts.flat().every(([request, limit]) => limit !== undefined && request === limit);
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

// Behind a feature that is off: who sets the field is not heard.
const maxUnavailable = ['spec', 'updateStrategy', 'rollingUpdate', 'maxUnavailable'];
const withoutMaxUnavailable = (object: KubeObject): KubeObject =>
  kept(
    within(object, 'spec', (spec) =>
      within(spec, 'updateStrategy', (strategy) =>
        within(strategy, 'rollingUpdate', (rolling) =>
          rolling.maxUnavailable === undefined ? rolling : withFields(rolling, { maxUnavailable: undefined }),
        ),
      ),
    ),
  );

const generationName = 'deprecated.daemonset.template.generation';
const templateGenerationOf = (object: KubeObject): number =>
  Number(textOf(at(object, 'metadata', 'annotations', generationName)) ?? '0');

function withTemplateGeneration(object: KubeObject, generation: number): KubeObject {
  const annotations = isObject(object.metadata.annotations) ? object.metadata.annotations : {};
  const counted = { ...annotations, [generationName]: String(generation) };
  return { ...object, metadata: { ...object.metadata, annotations: counted } };
}

function selectedByUid(object: KubeObject): KubeObject {
  const { name } = object.metadata;
  const uid = textOf(object.metadata.uid) ?? '';
  const marks = {
    'job-name': name,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'batch.kubernetes.io/controller-uid': uid,
  };
  const labelled = within(object, 'spec', (spec) => {
    const template = isObject(spec.template) ? spec.template : {};
    const metadata = isObject(template.metadata) ? template.metadata : {};
    const labels = withDefaults(isObject(metadata.labels) ? metadata.labels : {}, marks);
    const selector = isObject(spec.selector) ? spec.selector : {};
    const matchLabels = withDefaults(isObject(selector.matchLabels) ? selector.matchLabels : {}, {
      'batch.kubernetes.io/controller-uid': uid,
    });
    return {
      ...spec,
      template: { ...template, metadata: { ...metadata, labels } },
      selector: { ...selector, matchLabels },
    };
  });
  // What is read back is defaulted: a Job without labels has those of its pods.
  const own = at(labelled, 'metadata', 'labels');
  const labels = at(labelled, 'spec', 'template', 'metadata', 'labels') ?? {};
  const isBare = !isObject(own) || Object.keys(own).length === 0;
  return kept(isBare ? within(labelled, 'metadata', (metadata) => ({ ...metadata, labels })) : labelled);
}

function createdDefinition(object: KubeObject): KubeObject {
  const versions = at(object, 'spec', 'versions');
  const stored = isArray(versions) ? versions.find((version) => at(version, 'storage') === true) : undefined;
  const status = isObject(object.status) ? object.status : {};
  const names = stored === undefined ? null : [at(stored, 'name') ?? ''];
  return kept(withFields(object, { status: { ...status, storedVersions: names } }));
}
