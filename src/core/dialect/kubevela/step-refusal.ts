/** Why a step of a workflow is not run, and the way out. */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Written } from '../native/read.ts';
import { nearest } from '../nearest.ts';
import { caution, problem } from './problem.ts';

/** Steps that tell somebody something and change no cluster. */
const telling: readonly string[] = [
  'notification',
  'webhook',
  'print-message-in-status',
  'collect-service-endpoints',
  'generate-jdbc-connection',
  'list-config',
  'clean-jobs',
];

/** What does the same here. */
const waysOut: Readonly<Record<string, string>> = {
  'addon-operation': 'what an addon installs is an App of its own',
  'build-push-image': 'build in CI, and let it commit the new image',
  'canary-rollout': 'deploy to one cluster first, in a step of its own',
  'create-config': 'commit the Secret, encrypted with SOPS',
  'delete-config': 'delete its manifest instead',
  'deploy-cloud-resource': 'apply the cloud resource as a `k8s-objects` component',
  'read-config': 'write what is read into the manifest, or refer to the ConfigMap or Secret that holds it',
  'read-object': 'write what is read into the manifest, or refer to the ConfigMap or Secret that holds it',
  'restart-workflow': 'a commit starts it',
  'rollout-wait-succeed': 'take it out: every step waits until what it deployed is well',
  'share-cloud-resource': 'copy the Secret with a `ref-objects` component',
  'vela-cli': 'what a command should change is written into manifests',
  request: 'a gate of a Placement asks somebody else before a stage',
};

/** `known`: types that are run. */
export function unknownStep(type: string, { originAt }: Written, known: readonly string[]): Diagnostic {
  const origin = originAt([]);
  if (telling.includes(type)) {
    const hint = 'commit statuses and alerts tell what happens';
    return caution('A1518', origin, `a step of type ${type} is not run`, hint);
  }
  const way = Object.hasOwn(waysOut, type) ? waysOut[type] : undefined;
  const guess = nearest(type, known);
  const other =
    guess === undefined ? 'take it out of the workflow; what runs is kept until then' : `did you mean \`${guess}\`?`;
  return problem('A1513', origin, `a step of type ${type} cannot be run`, way ?? other);
}
