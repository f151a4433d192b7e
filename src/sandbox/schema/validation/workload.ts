/** Checks of what makes pods: Deployments and their kin, Jobs, CronJobs. */
import { equal } from '../../../core/json/equal.ts';
import {
  at,
  isArray,
  isObject,
  type Json,
  type JsonObject,
  numberOf,
  textOf,
  withFields,
} from '../../../core/json/value.ts';
import type { KubeObject } from '../../../core/model/object.ts';
import { Findings } from './findings.ts';
import { checkTemplateChange } from './job-template.ts';
import { checkTemplate } from './pod.ts';
import { checkDaemonStrategy, checkStrategy } from './rolling.ts';
import { checkSelector, isEmptySelector, selects } from './selector.ts';

/** Shape: `live` is undefined on creation. */
export type Check = (object: KubeObject, live: KubeObject | undefined, findings: Findings) => void;

const specOf = (object: KubeObject | undefined): JsonObject => (isObject(object?.spec) ? object.spec : {});

function checkNumbers(spec: JsonObject, fields: readonly string[], findings: Findings): void {
  for (const field of fields) findings.nonNegative(`spec.${field}`, spec[field]);
}

function checkChosen(spec: JsonObject, noun: string, findings: Findings): void {
  const selector = spec.selector ?? null;
  if (selector === null) findings.required('spec.selector');
  else {
    checkSelector(selector, 'spec.selector', findings);
    if (isEmptySelector(selector)) findings.invalid('spec.selector', selector, `empty selector is invalid for ${noun}`);
    else if (!isSound(selector)) {
      findings.invalid('spec.selector', selector, 'invalid label selector');
      return;
    }
  }
  checkTemplateChosen(selector, spec, findings);
}

const isSound = (selector: Json): boolean => {
  const tried = new Findings();
  checkSelector(selector, '', tried);
  return tried.causes.length === 0;
};

function checkTemplateChosen(selector: Json, spec: JsonObject, findings: Findings): void {
  const labels = at(spec, 'template', 'metadata', 'labels');
  // No selector at all chooses nobody, an empty one everybody.
  if (selector === null || (!isEmptySelector(selector) && !selects(selector, labels))) {
    findings.invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  }
}

function checkRunsForever(spec: JsonObject, noun: string, findings: Findings): void {
  const restart = at(spec, 'template', 'spec', 'restartPolicy');
  if (restart !== 'Always') findings.unsupported('spec.template.spec.restartPolicy', restart, ['Always']);
  if (at(spec, 'template', 'spec', 'activeDeadlineSeconds') !== undefined) {
    findings.forbidden('spec.template.spec.activeDeadlineSeconds', `activeDeadlineSeconds in ${noun} is not Supported`);
  }
}

export const checkDeployment: Check = (object, live, findings) => {
  const spec = specOf(object);
  checkNumbers(spec, ['replicas'], findings);
  checkChosen(spec, 'deployment', findings);
  checkTemplate(spec.template, 'spec.template', findings);
  checkRunsForever(spec, 'ReplicaSet', findings);
  checkStrategy(spec.strategy, findings);
  checkNumbers(spec, ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'], findings);
  const deadline = numberOf(spec.progressDeadlineSeconds);
  if (deadline !== undefined && deadline <= (numberOf(spec.minReadySeconds) ?? 0)) {
    findings.invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds');
  }
  checkSelectorKept(spec, live, findings);
};

function checkSelectorKept(spec: JsonObject, live: KubeObject | undefined, findings: Findings): void {
  if (live === undefined) return;
  findings.immutable('spec.selector', spec.selector, equal(spec.selector ?? null, specOf(live).selector ?? null));
}

export const checkReplicaSet: Check = (object, live, findings) => {
  const spec = specOf(object);
  checkNumbers(spec, ['replicas', 'minReadySeconds'], findings);
  checkChosen(spec, 'deployment', findings);
  checkTemplate(spec.template, 'spec.template', findings);
  checkRunsForever(spec, 'ReplicaSet', findings);
  checkSelectorKept(spec, live, findings);
};

export const checkDaemonSet: Check = (object, live, findings) => {
  const spec = specOf(object);
  checkSelectorKept(spec, live, findings);
  const selector = spec.selector ?? null;
  checkTemplateChosen(selector, spec, findings);
  if (selector !== null && isEmptySelector(selector)) {
    findings.invalid('spec.selector', selector, 'empty selector is invalid for daemonset');
  }
  checkTemplate(spec.template, 'spec.template', findings);
  checkRunsForever(spec, 'DaemonSet', findings);
  checkDaemonStrategy(spec.updateStrategy, findings);
  checkNumbers(spec, ['minReadySeconds', 'revisionHistoryLimit'], findings);
};

/** The template as its pods will be: a volume for each claim comes first, and wins over one of its name. */
function withClaims(spec: JsonObject): Json {
  const template = isObject(spec.template) ? spec.template : {};
  const pod = isObject(template.spec) ? template.spec : {};
  const claims = isArray(spec.volumeClaimTemplates) ? spec.volumeClaimTemplates : [];
  const names = claims.flatMap((claim) => textOf(at(claim, 'metadata', 'name')) ?? []);
  if (names.length === 0) return template;
  const claimed = names.map((name): Json => ({ name, persistentVolumeClaim: { claimName: name } }));
  const volumes = isArray(pod.volumes) ? pod.volumes : [];
  const rest = volumes.filter((volume) => !names.includes(textOf(at(volume, 'name')) ?? ''));
  return { ...template, spec: { ...pod, volumes: [...claimed, ...rest] } };
}

const statefulSetOpen = [
  'replicas',
  'template',
  'updateStrategy',
  'minReadySeconds',
  'ordinals',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
];

export const checkStatefulSet: Check = (object, live, findings) => {
  const spec = specOf(object);
  if (at(spec, 'updateStrategy', 'type') === 'OnDelete' && at(spec, 'updateStrategy', 'rollingUpdate') !== undefined) {
    const rolling = at(spec, 'updateStrategy', 'rollingUpdate');
    findings.invalid('spec.updateStrategy.rollingUpdate', rolling, "only allowed for updateStrategy 'RollingUpdate'");
  }
  checkNumbers(spec, ['replicas', 'minReadySeconds'], findings);
  checkChosen(spec, 'statefulset', findings);
  checkTemplate(withClaims(spec), 'spec.template', findings);
  checkRunsForever(spec, 'StatefulSet', findings);
  if (live === undefined) return;
  const open = Object.fromEntries(statefulSetOpen.map((field) => [field, undefined]));
  if (!equal(withFields(spec, open), withFields(specOf(live), open))) {
    const list =
      "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
    findings.forbidden('spec', `updates to statefulset spec for fields other than ${list} are forbidden`);
  }
};

export const checkJob: Check = (object, live, findings) => {
  const spec = specOf(object);
  checkNumbers(
    spec,
    ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'],
    findings,
  );
  checkJobTemplate(spec, 'spec', findings);
  if ((spec.selector ?? null) === null) findings.required('spec.selector');
  else if (spec.manualSelector !== true && !selects(spec.selector, generatedLabels(object))) {
    findings.invalid('spec.selector', spec.selector, '`selector` not auto-generated');
  }
  const labels = at(spec, 'template', 'metadata', 'labels');
  if ((spec.selector ?? null) !== null && !selects(spec.selector, labels)) {
    findings.invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  }
  if (live === undefined) return;
  const before = specOf(live);
  if (before.completionMode !== 'Indexed') {
    findings.immutable('spec.completions', spec.completions, equal(spec.completions, before.completions));
  }
  findings.immutable('spec.selector', spec.selector, equal(spec.selector, before.selector));
  checkTemplateChange(object, live, findings);
  for (const field of ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy']) {
    findings.immutable(`spec.${field}`, spec[field], equal(spec[field], before[field]));
  }
};

function generatedLabels({ metadata }: KubeObject): JsonObject {
  const [uid, name] = [textOf(metadata.uid) ?? '', metadata.name ?? ''];
  return {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
}

function checkJobTemplate(spec: JsonObject, path: string, findings: Findings): void {
  checkTemplate(spec.template, `${path}.template`, findings);
  const restart = at(spec, 'template', 'spec', 'restartPolicy');
  if (restart === 'Always') {
    findings.required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"');
  }
}

export const checkCronJob: Check = (object, _live, findings) => {
  const spec = specOf(object);
  if ((textOf(spec.schedule) ?? '') === '') findings.required('spec.schedule');
  else checkSchedule(textOf(spec.schedule) ?? '', findings);
  checkNumbers(spec, ['startingDeadlineSeconds'], findings);
  const policies = ['Allow', 'Forbid', 'Replace'];
  const policy = textOf(spec.concurrencyPolicy) ?? '';
  if (policy === '') findings.required('spec.concurrencyPolicy');
  else if (!policies.includes(policy)) findings.unsupported('spec.concurrencyPolicy', policy, policies);
  const job = at(spec, 'jobTemplate', 'spec');
  if (isObject(job)) checkJobTemplate(job, 'spec.jobTemplate.spec', findings);
  checkNumbers(spec, ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'], findings);
};

function checkSchedule(schedule: string, findings: Findings): void {
  const fields = schedule.split(/\s+/).filter((field) => field !== '' && !/^(?:CRON_)?TZ=/.test(field));
  if (schedule.startsWith('@') || fields.length === 5) return;
  const why = `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  findings.invalid('spec.schedule', schedule, why);
}
