/** What to do about an object that is there already where one was to be made: whose is it? */
import { type Adoption, adoptionOf } from '../../core/diff/adoption.ts';
import { entriesOf, isAppliedOnlyBy, ownedLabel } from '../../core/diff/entries.ts';
import { optOuts, type Predecessor, predecessors } from '../../core/diff/predecessor.ts';
import { fieldOf, isArray, textOf } from '../../core/json/value.ts';
import type { DesiredObject } from '../../core/model/cell.ts';
import type { ObjectKey } from '../../core/model/id.ts';
import { describeObject, type KubeObject, textMapOf } from '../../core/model/object.ts';
import type { OwnedObject } from '../../core/model/record.ts';
import { installationLabel, type Owner, partOfLabel } from '../../core/plan/manifest.ts';
import { systemNamespace } from '../../core/plan/record-id.ts';

export type Meeting =
  /** Ours all the same: the watch lags, our labels were taken off, or another cell of ours lets it go. */
  | { readonly kind: 'ours' }
  /** `adoption` is undefined when no entry has to be taken over. */
  | { readonly kind: 'adopt'; readonly from: readonly string[]; readonly adoption: Adoption | undefined }
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'refuse'; readonly reason: string; readonly cause: RefusalCause };

/** KubeFed's words: somebody else's, or it says itself that it is nobody's to write. */
export type RefusalCause = 'AlreadyExists' | 'ManagedLabelFalse';

export type MeetingContext = {
  readonly manager: string;
  readonly owner: Owner;
  readonly formerIds: ReadonlySet<string>;
  readonly adopt: readonly string[];
  readonly isWantedElsewhere: (key: ObjectKey) => boolean;
};

export function meetingOf(
  { key, object, released }: Pick<DesiredObject, 'key' | 'object' | 'released'>,
  found: KubeObject,
  owned: OwnedObject | undefined,
  context: MeetingContext,
): Meeting {
  const refuse: Refuse = (reason, cause = 'AlreadyExists') => ({
    kind: 'refuse',
    reason: `${describeObject(found)} ${reason}`,
    cause,
  });
  const uid = textOf(found.metadata.uid) ?? '';
  if (found.metadata.deletionTimestamp !== undefined)
    return { kind: 'wait', reason: `${describeObject(found)} is being deleted` };
  const partOf = ownedLabel(found, context.manager, partOfLabel);
  if (uid === owned?.uid || partOf === context.owner.recordId || context.formerIds.has(partOf ?? ''))
    return { kind: 'ours' };
  const installation = textMapOf(found, 'labels')[installationLabel];
  const belongsToUs = (): Meeting =>
    context.isWantedElsewhere(key) ? refuse('belongs to another App') : { kind: 'ours' };
  if (partOf !== undefined) return belongsToUs();
  if (installation !== undefined && installation !== context.owner.installation)
    return refuse(`belongs to Landfall installation ${installation}`);
  if (isLost(found, context.manager)) return belongsToUs();
  return adopting(found, { object, released }, context, refuse);
}

/**
 * Made by us, and our labels taken off while no record named it any more.
 *
 * The manager is this installation's alone, and every field is its: nobody else's work can be written over. What was let
 * go on purpose is under another manager (`releasePatch`); a copy has a field of whoever copied it; a namespace made on
 * the way is not applied; and what Landfall keeps for itself lies in its own namespace, where nothing is an App's by this.
 */
const isLost = (found: KubeObject, manager: string): boolean =>
  found.metadata.namespace !== systemNamespace && isAppliedOnlyBy(found, manager);

type Refuse = (reason: string, cause?: RefusalCause) => Meeting;

/** Taking over somebody else's object: only when asked for, and never so that two tools keep writing it. */
function adopting(
  found: KubeObject,
  { object, released }: Pick<DesiredObject, 'object' | 'released'>,
  { manager, adopt }: MeetingContext,
  refuse: Refuse,
): Meeting {
  const managers = new Set(
    entriesOf(found)
      .filter(({ subresource }) => subresource === undefined)
      .map((entry) => entry.manager),
  );
  const isAny = adopt.includes('any');
  const labels = textMapOf(found, 'labels');
  const allowed: readonly Predecessor[] = isAny
    ? Object.values(predecessors).flat()
    : adopt.flatMap((tool) => predecessors[tool] ?? []);
  const strangers = [...managers].filter((name) => !allowed.some((each) => each.manager === name));
  if (adopt.length === 0) {
    return refuse(`is there already and not ours (written by ${listOf(managers)}); \`adopt\` in the App takes it over`);
  }
  if (!isAny && strangers.length > 0) {
    return refuse(`is there already and was written by ${listOf(strangers)}, which \`adopt\` does not name`);
  }
  const optOut = optOuts.find(({ tool, label, value }) => (isAny || adopt.includes(tool)) && labels[label] === value);
  if (optOut !== undefined)
    return refuse(`has the label ${optOut.label}: "${optOut.value}", so it is left alone`, 'ManagedLabelFalse');
  const controller = controllerOf(found);
  if (controller !== undefined)
    return refuse(`is controlled by ${controller}; take its owner reference off, so that only one writes it`);
  return { kind: 'adopt', from: [...managers], adoption: adoptionOf(found, manager, allowed, released, object) };
}

/** As people say it; its own controller would write it as ever, and the garbage collector takes it when the owner goes. */
function controllerOf({ metadata: { ownerReferences } }: KubeObject): string | undefined {
  const owners = isArray(ownerReferences) ? ownerReferences : [];
  const owner = owners.find((each) => fieldOf(each, 'controller') === true);
  return owner === undefined ? undefined : `${textOf(fieldOf(owner, 'kind'))} ${textOf(fieldOf(owner, 'name'))}`;
}

function listOf(managers: Iterable<string>): string {
  const names = [...managers];
  return names.length === 0 ? 'nobody that can be told' : names.join(', ');
}
