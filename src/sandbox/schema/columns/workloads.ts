/** The rows of what makes pods. */
import { at, type Json, type JsonObject, textOf } from '../../../core/json/value.ts';
import {
  ageOf,
  type Cells,
  conditionOf,
  containerTexts,
  durationText,
  labelsText,
  listAt,
  mapAt,
  nameOf,
  none,
  numberAt,
  selectorOrNone,
  selectorText,
  sinceText,
  textAt,
  unset,
} from './cell-text.ts';

const podSpecOf = (object: JsonObject): Json | undefined => at(object, 'spec', 'template', 'spec');

const deployment: Cells = (object, nowMs) => [
  nameOf(object),
  `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`,
  numberAt(object, 'status', 'updatedReplicas'),
  numberAt(object, 'status', 'availableReplicas'),
  ageOf(object, nowMs),
  ...containerTexts(podSpecOf(object)),
  selectorText(at(object, 'spec', 'selector')),
];

const counted = (object: JsonObject, nowMs: number): readonly Json[] => [
  nameOf(object),
  numberAt(object, 'spec', 'replicas'),
  numberAt(object, 'status', 'replicas'),
  numberAt(object, 'status', 'readyReplicas'),
  ageOf(object, nowMs),
  ...containerTexts(podSpecOf(object)),
];

const replicaSet: Cells = (object, nowMs) => [
  ...counted(object, nowMs),
  selectorOrNone(at(object, 'spec', 'selector')),
];

const replicationController: Cells = (object, nowMs) => [
  ...counted(object, nowMs),
  labelsText(mapAt(object, 'spec', 'selector')),
];

const statefulSet: Cells = (object, nowMs) => [
  nameOf(object),
  `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`,
  ageOf(object, nowMs),
  ...containerTexts(podSpecOf(object)),
];

const daemonSet: Cells = (object, nowMs) => [
  nameOf(object),
  numberAt(object, 'status', 'desiredNumberScheduled'),
  numberAt(object, 'status', 'currentNumberScheduled'),
  numberAt(object, 'status', 'numberReady'),
  numberAt(object, 'status', 'updatedNumberScheduled'),
  numberAt(object, 'status', 'numberAvailable'),
  labelsText(mapAt(podSpecOf(object), 'nodeSelector')),
  ageOf(object, nowMs),
  ...containerTexts(podSpecOf(object)),
  selectorOrNone(at(object, 'spec', 'selector')),
];

const job: Cells = (object, nowMs) => [
  nameOf(object),
  jobStatus(object),
  completionsText(object),
  jobDuration(object, nowMs),
  ageOf(object, nowMs),
  ...containerTexts(podSpecOf(object)),
  selectorOrNone(at(object, 'spec', 'selector')),
];

function jobStatus(object: JsonObject): string {
  const has = (type: string): boolean => textAt(conditionOf(object, type), 'status') === 'True';
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (at(object, 'metadata', 'deletionTimestamp') !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running';
}

function completionsText(object: JsonObject): string {
  const succeeded = numberAt(object, 'status', 'succeeded');
  if (at(object, 'spec', 'completions') !== undefined) return `${succeeded}/${numberAt(object, 'spec', 'completions')}`;
  const parallelism = numberAt(object, 'spec', 'parallelism');
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(object: JsonObject, nowMs: number): string {
  const [start, end] = [textAt(object, 'status', 'startTime'), textAt(object, 'status', 'completionTime')];
  if (start === '') return '';
  return durationText((end === '' ? nowMs : Date.parse(end)) - Date.parse(start));
}

const cronJob: Cells = (object, nowMs) => {
  const last = at(object, 'status', 'lastScheduleTime');
  const suspend = at(object, 'spec', 'suspend');
  const template = at(object, 'spec', 'jobTemplate');
  return [
    nameOf(object),
    textAt(object, 'spec', 'schedule'),
    textOf(at(object, 'spec', 'timeZone')) ?? none,
    suspend === undefined ? unset : suspend === true ? 'True' : 'False',
    listAt(object, 'status', 'active').length,
    last === undefined ? none : sinceText(last, nowMs),
    ageOf(object, nowMs),
    ...containerTexts(at(template, 'spec', 'template', 'spec')),
    selectorOrNone(at(template, 'spec', 'selector')),
  ];
};

const podTemplate: Cells = (object) => [
  nameOf(object),
  ...containerTexts(at(object, 'template', 'spec')),
  labelsText(mapAt(object, 'template', 'metadata', 'labels')),
];

const controllerRevision: Cells = (object, nowMs) => {
  const owner = listAt(object, 'metadata', 'ownerReferences').find((reference) => at(reference, 'controller') === true);
  const group = textAt(owner, 'apiVersion').split('/').slice(0, -1).join('');
  const kind = `${textAt(owner, 'kind')}${group === '' ? '' : `.${group}`}`.toLowerCase();
  const controller = owner === undefined ? none : `${kind}/${textAt(owner, 'name')}`;
  return [nameOf(object), controller, numberAt(object, 'revision'), ageOf(object, nowMs)];
};

export const workloadCells: Readonly<Record<string, Cells>> = {
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'apps/ControllerRevision': controllerRevision,
  'batch/Job': job,
  'batch/CronJob': cronJob,
  '/ReplicationController': replicationController,
  '/PodTemplate': podTemplate,
};
