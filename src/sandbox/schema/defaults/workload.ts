/** Defaults of what makes pods: Deployments and their kin, Jobs, autoscalers. */
import { at, isArray, isObject, type Json, type JsonObject, textOf } from '../../../core/json/value.ts';
import { defaulting, type Fill, type Fills, withDefaults, within, withinEach } from './fill.ts';

const isRolling = (strategy: JsonObject): boolean => strategy.type === 'RollingUpdate';

/** A strategy that rolls, unless it says otherwise, at a pace that is given for what is left out. */
const rolling =
  (pace: JsonObject): Fill =>
  (strategy) => {
    const typed = withDefaults(strategy, { type: 'RollingUpdate' });
    if (!isRolling(typed)) return typed;
    return within(withDefaults(typed, { rollingUpdate: {} }), 'rollingUpdate', defaulting(pace));
  };

const deployment: Fill = (value) =>
  within(value, 'spec', (spec) =>
    withDefaults(within(spec, 'strategy', rolling({ maxUnavailable: '25%', maxSurge: '25%' })), {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    }),
  );

const generationName = 'deprecated.daemonset.template.generation';

// The count of template changes has no field; it is kept as an annotation.
const withTemplateGeneration: Fill = (value) => {
  if (/^\d+$/.test(textOf(at(value, 'metadata', 'annotations', generationName)) ?? '')) return value;
  return within(value, 'metadata', (metadata) => {
    const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
    return { ...metadata, annotations: { ...annotations, [generationName]: '0' } };
  });
};

const daemonSet: Fill = (value) =>
  within(withTemplateGeneration(value), 'spec', (spec) =>
    withDefaults(within(spec, 'updateStrategy', daemonStrategy), { revisionHistoryLimit: 10 }),
  );

// The server holds both numbers whenever it holds one.
const daemonStrategy: Fill = (strategy) => {
  const paced = rolling({ maxUnavailable: 1, maxSurge: 0 })(strategy);
  return within(paced, 'rollingUpdate', (pace) => withDefaults(pace, { maxUnavailable: 0, maxSurge: 0 }));
};

// A strategy that names its type keeps its silence about the pace.
const partitioned: Fill = (strategy) => {
  const typed = Object.hasOwn(strategy, 'type')
    ? strategy
    : withDefaults({ ...strategy, type: 'RollingUpdate' }, { rollingUpdate: {} });
  return isRolling(typed) ? within(typed, 'rollingUpdate', defaulting(statefulPace)) : typed;
};
const statefulPace = { partition: 0 };

const claimKind: Fill = (claim) => withDefaults(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' });

const statefulSet: Fill = (value) =>
  within(value, 'spec', (spec) =>
    within(
      withDefaults(within(withinEach(spec, 'volumeClaimTemplates', claimKind), 'updateStrategy', partitioned), {
        podManagementPolicy: 'OrderedReady',
        persistentVolumeClaimRetentionPolicy: {},
        replicas: 1,
        revisionHistoryLimit: 10,
      }),
      'persistentVolumeClaimRetentionPolicy',
      defaulting({ whenDeleted: 'Retain', whenScaled: 'Retain' }),
    ),
  );

const jobSpec: Fill = (spec) => {
  const isAlone = !Object.hasOwn(spec, 'completions') && !Object.hasOwn(spec, 'parallelism');
  return withDefaults(spec, {
    ...(isAlone ? { completions: 1 } : {}),
    parallelism: 1,
    backoffLimit: Object.hasOwn(spec, 'backoffLimitPerIndex') ? 2_147_483_647 : 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: Object.hasOwn(spec, 'podFailurePolicy') ? 'Failed' : 'TerminatingOrFailed',
    manualSelector: false,
  });
};

// A Job's own defaults; the template of a CronJob gets them when its Job is made.
const job: Fill = (value) => {
  const labels = at(value, 'spec', 'template', 'metadata', 'labels');
  const filled = within(value, 'spec', jobSpec);
  return isObject(labels) ? within(filled, 'metadata', defaulting({ labels })) : filled;
};

const maxPolicy = { selectPolicy: 'Max' };
const percent = { type: 'Percent', value: 100, periodSeconds: 15 };
const scaleUp = {
  stabilizationWindowSeconds: 0,
  ...maxPolicy,
  policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, percent],
};
const scaleDown = { ...maxPolicy, policies: [percent] };

const cpuMetric: Json = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

const autoscalerSpec: Fill = (spec) => {
  const metrics = isArray(spec.metrics) && spec.metrics.length > 0 ? spec.metrics : [cpuMetric];
  const filled = withDefaults(spec, { minReplicas: 1 });
  return within(filled.metrics === metrics ? filled : { ...filled, metrics }, 'behavior', (behavior) =>
    within(
      within(withDefaults(behavior, { scaleUp: {}, scaleDown: {} }), 'scaleUp', defaulting(scaleUp)),
      'scaleDown',
      defaulting(scaleDown),
    ),
  );
};

export const workloadFills: Fills = {
  'io.k8s.api.apps.v1.Deployment': deployment,
  'io.k8s.api.apps.v1.DaemonSet': daemonSet,
  'io.k8s.api.apps.v1.StatefulSet': statefulSet,
  'io.k8s.api.apps.v1.ReplicaSet': (value) => within(value, 'spec', defaulting({ replicas: 1 })),
  'io.k8s.api.batch.v1.Job': job,
  'io.k8s.api.batch.v1.CronJob': (value) =>
    within(
      value,
      'spec',
      defaulting({
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      }),
    ),
  'io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern': (value) =>
    value.status === '' ? { ...value, status: 'True' } : withDefaults(value, { status: 'True' }),
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler': (value) => within(value, 'spec', autoscalerSpec),
  'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler': (value) => within(value, 'spec', defaulting({ minReplicas: 1 })),
};
