/** Checks of pods and pod templates. */
import { equal } from '../../../core/json/equal.ts';
import { at, isArray, isObject, type Json, type JsonObject, textOf, withFields } from '../../../core/json/value.ts';
import { checkContainers } from './container.ts';
import type { Findings } from './findings.ts';
import { checkLabels } from './metadata.ts';
import { labelNameProblems } from './names.ts';

const listAt = (value: Json | undefined, field: string): readonly Json[] => {
  const list = at(value, field);
  return isArray(list) ? list : [];
};
const textAt = (value: Json | undefined, field: string): string => textOf(at(value, field)) ?? '';

export function checkTemplate(template: Json | undefined, path: string, findings: Findings): void {
  checkLabels(at(template, 'metadata', 'labels'), `${path}.labels`, findings);
  checkPodSpec(at(template, 'spec'), `${path}.spec`, findings);
}

export function checkPodSpec(spec: Json | undefined, path: string, findings: Findings): void {
  const volumes = checkVolumes(listAt(spec, 'volumes'), `${path}.volumes`, findings);
  const containers = listAt(spec, 'containers');
  if (containers.length === 0) findings.required(`${path}.containers`);
  checkContainers(containers, `${path}.containers`, volumes, findings);
  checkContainers(listAt(spec, 'initContainers'), `${path}.initContainers`, volumes, findings);
  const restart = textAt(spec, 'restartPolicy');
  if (!['Always', 'OnFailure', 'Never'].includes(restart)) {
    findings.unsupported(`${path}.restartPolicy`, restart, ['Always', 'OnFailure', 'Never']);
  }
  checkLabels(at(spec, 'nodeSelector'), `${path}.nodeSelector`, findings);
}

// In the order in which the server looks for them: the first one counts.
const volumeSources = [
  'emptyDir hostPath gitRepo gcePersistentDisk awsElasticBlockStore secret nfs iscsi glusterfs flocker',
  'persistentVolumeClaim rbd cinder cephfs quobyte downwardAPI fc flexVolume configMap azureFile vsphereVolume',
  'photonPersistentDisk portworxVolume azureDisk storageos projected scaleIO csi ephemeral image',
].flatMap((line) => line.split(' '));

/** Returns the names of those that are sound. */
function checkVolumes(volumes: readonly Json[], path: string, findings: Findings): Set<string> {
  const names = new Set<string>();
  for (const [index, volume] of volumes.entries()) {
    const name = textAt(volume, 'name');
    const here = `${path}[${index}]`;
    const before = findings.causes.length;
    const sources = volumeSources.filter((source) => at(volume, source) !== undefined);
    for (const source of sources.slice(1))
      findings.forbidden(`${here}.${source}`, 'may not specify more than 1 volume type');
    if (sources.length === 0) findings.required(here, 'must specify a volume type');
    if (name === '') findings.required(`${here}.name`);
    else findings.eachInvalid(`${here}.name`, name, labelNameProblems(name));
    if (names.has(name)) findings.duplicate(`${here}.name`, name);
    if (findings.causes.length === before) names.add(name);
  }
  return names;
}

const openFields =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Little of a pod may change; the kubelet works from the rest. */
export function checkPodKept(spec: Json | undefined, live: Json | undefined, findings: Findings): void {
  if (!isObject(spec) || !isObject(live)) return;
  const [now, before] = [listAt(spec, 'containers').length, listAt(live, 'containers').length];
  if (now !== before) {
    findings.forbidden('spec.containers', 'pod updates may not add or remove containers');
    return;
  }
  if (!equal(withoutOpen(spec), withoutOpen(live))) {
    findings.forbidden('spec', `pod updates may not change fields other than ${openFields}`);
  }
}

function withoutOpen(spec: JsonObject): JsonObject {
  const withoutImage = (container: Json): Json =>
    isObject(container) ? withFields(container, { image: undefined }) : container;
  const lists = ['containers', 'initContainers'].map((list): [string, Json] => [
    list,
    listAt(spec, list).map(withoutImage),
  ]);
  const open = { activeDeadlineSeconds: undefined, tolerations: undefined, schedulingGates: undefined };
  return withFields(spec, { ...Object.fromEntries(lists), ...open });
}
