/** What a person who asks for a promotion means: what may be next, or a revision by name. */

import { describeRefusal } from '../../core/copying/folder.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { CommitSha } from '../../core/model/id.ts';
import type { Aim } from '../../core/promotion/aim.ts';
import { decidePromotion, type StageFacts, whyNot } from '../../core/promotion/decide.ts';
import type { Contents } from './contents.ts';
import type { Folders } from './folders.ts';
import type { CopyingStage, PromotableStage, PromoteView } from './promotable-stage.ts';

/** Undefined: what would be promoted by itself. */
type Asked = { readonly revision: CommitSha | undefined };

/** Nothing is left to be done. */
export function isThere({ revision }: Asked, { pin, candidates }: StageFacts): boolean {
  if (pin === undefined) return false;
  return revision === undefined ? candidates.at(-1)?.content === pin.content : pin.commit === revision;
}

export function aimOfWish(facts: StageFacts): Aim {
  // A person who asks has a say over the policy, and over what a person did to the pin before.
  const wish = decidePromotion({
    ...facts,
    policy: facts.policy === 'Pinned' ? 'Newest' : facts.policy,
    candidates: facts.candidates.map((each) => ({ ...each, heldBack: 'no' })),
  });
  if (wish.kind === 'rest' || wish.kind === 'wait') return { kind: 'nothing', reason: wish.reason };
  return {
    kind: 'show',
    route: { kind: wish.kind, from: facts.pin?.commit, to: wish.to.commit },
    content: wish.to.content,
    isChosen: wish.kind === 'promote' && facts.policy === 'Pinned',
    unproved: undefined,
    failure: wish.kind === 'revert' ? wish.reason : undefined,
  };
}

export async function aimAt(
  revision: CommitSha,
  stage: PromotableStage,
  facts: StageFacts,
  { contents, folders }: { readonly contents: Contents; readonly folders: Folders },
  view: PromoteView,
  signal: AbortSignal,
): Promise<Aim> {
  const found =
    stage.kind === 'pin'
      ? (await contents.at(revision, stage.of, view.versions, signal))?.digest
      : await heldAt(revision, stage, folders, signal);
  if (found === undefined)
    throw new FaultError({ kind: 'missing', detail: `revision ${revision} cannot be read, or its Apps have errors` });
  if (facts.pin?.commit === revision)
    return {
      kind: 'nothing',
      reason: `${stage.kind === 'pin' ? 'the pin names' : 'it holds what is at'} ${revision.slice(0, 12)} already`,
    };
  const bad = whyNot({ commit: revision, content: found, unproved: undefined, heldBack: 'no' }, facts);
  if (bad !== undefined) return { kind: 'nothing', reason: bad };
  return {
    kind: 'show',
    route: { kind: 'promote', from: facts.pin?.commit, to: revision },
    content: found,
    isChosen: true,
    unproved: undefined,
    failure: undefined,
  };
}

async function heldAt(revision: CommitSha, { copy, source }: CopyingStage, folders: Folders, signal: AbortSignal) {
  const held = await folders.held(revision, copy.from.path, copy, { isReturn: false }, signal);
  if (held === undefined) return undefined;
  if (held.kind === 'refused') throw new FaultError({ kind: 'missing', detail: describeRefusal(held) });
  const alien = await folders.unshown(revision, copy, held.files, source, signal);
  if (alien === undefined) return held.digest;
  const detail = `${alien} is nothing that ${source.id} runs, so nothing shows it to be good`;
  throw new FaultError({ kind: 'misconfigured', detail });
}
