/** At which revision of its repository an App runs on a cluster. */
import { nearest } from '../dialect/nearest.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { matches } from '../model/fleet.ts';
import { builtInGates } from '../model/gate.ts';
import type { CommitSha, RepositoryId } from '../model/id.ts';
import type { Intent } from '../model/intent.ts';
import type { Pin, Placement, Stage } from '../model/placement.ts';
import { chosenIntent } from './chosen.ts';
import { type Gathered, pinKey } from './gather.ts';
import type { Seat } from './seat.ts';
import type { Source } from './world.ts';

export type Run =
  | { readonly kind: 'intent'; readonly intent: Intent; readonly revision: CommitSha }
  /** Pinned, and no pin yet. */
  | { readonly kind: 'nothingYet'; readonly reason: string }
  /** Not there at the revision that it should run. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Reads the App at the branch head or at the pin's revision, which the source must have brought along. */
export function runOf(seat: Seat, gathered: Gathered, sources: ReadonlyMap<RepositoryId, Source>): Run {
  const source = sources.get(seat.placement.repository);
  if (source === undefined)
    return { kind: 'unknown', reason: `repository ${seat.placement.repository} is not in the settings` };
  if (seat.stage.revision === 'Head') {
    const intent = gathered.intents.get(seat.app);
    return intent === undefined ? { kind: 'absent' } : { kind: 'intent', intent, revision: source.head.value.commit };
  }
  const [pin, ...others] =
    gathered.pins.get(pinKey(seat.placement.repository, seat.placement.id, seat.stage.name)) ?? [];
  if (pin === undefined)
    return { kind: 'nothingYet', reason: `stage ${seat.stage.name} is pinned and has no Pin ${pinName(seat)} yet` };
  if (others.length > 0) return { kind: 'unknown', reason: `there is more than one Pin ${pinName(seat)}` };
  const revision = pin.exceptions.find(({ clusters }) => matches(clusters, seat.cluster))?.revision ?? pin.revision;
  return atRevision(seat, revision, source, gathered);
}

const pinName = ({ placement, stage }: Seat): string => `${placement.id}.${stage.name}`;

function atRevision(seat: Seat, revision: CommitSha, source: Source, { fleet }: Gathered): Run {
  const reading = revision === source.head.value.commit ? source.head : source.revisions.get(revision);
  if (reading === undefined) return { kind: 'unknown', reason: `revision ${revision.slice(0, 12)} is not available` };
  const intent = reading.value.intents.find(({ id }) => id === seat.app);
  if (intent !== undefined) return { kind: 'intent', intent: chosenIntent(intent, fleet), revision };
  if (reading.value.isComplete) return { kind: 'absent' };
  return { kind: 'unknown', reason: `revision ${revision.slice(0, 12)} cannot be read whole` };
}

/** Every revision that a source has to bring along beside its head: those that pins of pinned stages name. */
export function revisionsNeeded({ head }: Source): ReadonlySet<CommitSha> {
  const { pins, placements, commit } = head.value;
  const asked = new Set(
    placements.flatMap((placement) => pinnedStages(placement).map((name) => `${placement.id}.${name}`)),
  );
  const revisions = pins
    .filter(({ placement, stage }) => asked.has(`${placement}.${stage}`))
    .flatMap(({ revision, exceptions, quarantined }) => [
      revision,
      ...exceptions.map((each) => each.revision),
      ...quarantined,
    ]);
  return new Set(revisions.filter((revision) => revision !== commit));
}

const pinnedStages = ({ stages }: Placement): readonly string[] =>
  stages.filter(({ revision }) => revision === 'Pinned').map(({ name }) => name);

/** Pins that nothing asks for: more often a slip in a name than a wish. */
export function pinProblems({ pins, placements }: Gathered): readonly Diagnostic[] {
  const known = new Map(placements.map((placement) => [`${placement.repository} ${placement.id}`, placement]));
  return [...pins.values()].flat().flatMap((pin): readonly Diagnostic[] => {
    const placement = known.get(`${pin.repository} ${pin.placement}`);
    if (placement?.isBroken === true) return [];
    const stage = placement?.stages.find(({ name }) => name === pin.stage);
    if (stage?.revision === 'Pinned') return unknownGates(pin, stage);
    const message =
      placement === undefined
        ? `there is no Placement ${pin.placement} to pin`
        : stage === undefined
          ? `Placement ${pin.placement} has no stage ${pin.stage}`
          : `stage ${pin.stage} of Placement ${pin.placement} follows the branch head, so its Pin says nothing`;
    const hint = stage === undefined ? 'a Pin is named <placement>.<stage>' : 'a stage is pinned by `revision: Pinned`';
    return [{ code: 'A1209', severity: 'warning', origin: pin.origin, message, hint }];
  });
}

function unknownGates({ bypass, approvals, origin }: Pin, { name, gates = [] }: Stage): readonly Diagnostic[] {
  const own = gates.map((gate) => gate.name);
  const asking = gates.flatMap((gate) => (gate.check.kind === 'approval' ? [gate.name] : []));
  const problem = (message: string, asked: string, known: readonly string[]): Diagnostic => {
    const guess = nearest(asked, known);
    const hint = guess === undefined ? {} : { hint: `did you mean \`${guess}\`?` };
    return { code: 'A1226', severity: 'warning', origin, message, ...hint };
  };
  const known: readonly string[] = [...builtInGates, ...own];
  return [
    ...(bypass?.gates ?? [])
      .filter((gate) => !known.includes(gate))
      .map((gate) => problem(`stage ${name} has no gate ${JSON.stringify(gate)} to bypass`, gate, known)),
    ...approvals
      .filter(({ gate }) => !asking.includes(gate))
      .map(({ gate }) =>
        problem(`no gate ${JSON.stringify(gate)} of stage ${name} asks for an approval`, gate, asking),
      ),
  ];
}
