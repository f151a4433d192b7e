/** What the API server would fill in by itself: taken out of a live object nothing about it changes. */
import { equal } from '../json/equal.ts';
import { isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import { unreachable } from '../model/invariant.ts';

/** Field to default; an object of fields to what is inside; `each` to the items of a list. */
type Defaults = { readonly [field: string]: Rule };
type Rule =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'inside'; readonly fields: Defaults }
  | { readonly kind: 'each'; readonly fields: Defaults };

const value = (json: Json): Rule => ({ kind: 'value', value: json });
const inside = (fields: Defaults): Rule => ({ kind: 'inside', fields });
const each = (fields: Defaults): Rule => ({ kind: 'each', fields });

const probe = inside({
  timeoutSeconds: value(1),
  periodSeconds: value(10),
  successThreshold: value(1),
  failureThreshold: value(3),
  httpGet: inside({ scheme: value('HTTP') }),
});

// `imagePullPolicy` and `protocol` stay: the first hangs on the image's tag, the second is part of a list's key.
const containers = each({
  terminationMessagePath: value('/dev/termination-log'),
  terminationMessagePolicy: value('File'),
  resources: value({}),
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  env: each({ valueFrom: inside({ fieldRef: inside({ apiVersion: value('v1') }) }) }),
});

const podSpec = inside({
  restartPolicy: value('Always'),
  terminationGracePeriodSeconds: value(30),
  dnsPolicy: value('ClusterFirst'),
  schedulerName: value('default-scheduler'),
  securityContext: value({}),
  containers,
  initContainers: containers,
  volumes: each({
    configMap: inside({ defaultMode: value(420) }),
    secret: inside({ defaultMode: value(420) }),
    projected: inside({ defaultMode: value(420) }),
    hostPath: inside({ type: value('') }),
  }),
});

const template = inside({ metadata: inside({ creationTimestamp: value(null) }), spec: podSpec });
const rollingUpdate = value({ type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } });
const jobSpec: Defaults = {
  backoffLimit: value(6),
  completionMode: value('NonIndexed'),
  podReplacementPolicy: value('TerminatingOrFailed'),
  suspend: value(false),
  manualSelector: value(false),
  template,
};

/** By group and kind; of others nothing is known. */
const specs: Readonly<Record<string, Defaults>> = {
  'apps/Deployment': {
    progressDeadlineSeconds: value(600),
    revisionHistoryLimit: value(10),
    strategy: rollingUpdate,
    template,
  },
  'apps/StatefulSet': {
    podManagementPolicy: value('OrderedReady'),
    revisionHistoryLimit: value(10),
    updateStrategy: value({ type: 'RollingUpdate', rollingUpdate: { partition: 0 } }),
    persistentVolumeClaimRetentionPolicy: value({ whenDeleted: 'Retain', whenScaled: 'Retain' }),
    template,
  },
  'apps/DaemonSet': {
    revisionHistoryLimit: value(10),
    updateStrategy: value({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }),
    template,
  },
  'batch/Job': jobSpec,
  'batch/CronJob': {
    concurrencyPolicy: value('Allow'),
    failedJobsHistoryLimit: value(1),
    successfulJobsHistoryLimit: value(3),
    suspend: value(false),
    jobTemplate: inside({ metadata: inside({ creationTimestamp: value(null) }), spec: inside(jobSpec) }),
  },
  '/Service': {
    type: value('ClusterIP'),
    sessionAffinity: value('None'),
    internalTrafficPolicy: value('Cluster'),
    externalTrafficPolicy: value('Cluster'),
    allocateLoadBalancerNodePorts: value(true),
  },
  '/PersistentVolumeClaim': { volumeMode: value('Filesystem') },
};

/** Shape: as `spec`, without what is as it would be anyway. */
export function withoutDefaults(groupKind: string, spec: JsonObject): JsonObject {
  const rules = Object.hasOwn(specs, groupKind) ? specs[groupKind] : undefined;
  return rules === undefined ? spec : stripped(spec, rules);
}

function stripped(object: JsonObject, rules: Defaults): JsonObject {
  const kept = Object.entries(object).flatMap(([field, found]): readonly (readonly [string, Json])[] => {
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    if (rule === undefined) return [[field, found]];
    switch (rule.kind) {
      case 'value':
        return equal(found, rule.value) ? [] : [[field, found]];
      case 'inside':
        return withInside(field, found, rule.fields);
      case 'each':
        if (!isArray(found)) return [[field, found]];
        return [[field, found.map((item) => (isObject(item) ? stripped(item, rule.fields) : item))]];
      default:
        return unreachable(rule);
    }
  });
  return Object.fromEntries(kept);
}

/** What held nothing but defaults goes; what was empty before says something: an emptyDir, a selector of all. */
function withInside(field: string, found: Json, rules: Defaults): readonly (readonly [string, Json])[] {
  if (!isObject(found)) return [[field, found]];
  const left = stripped(found, rules);
  return Object.keys(left).length === 0 && Object.keys(found).length > 0 && field === 'metadata' ? [] : [[field, left]];
}
