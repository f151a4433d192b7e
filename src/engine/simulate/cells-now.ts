/** How every cell of a simulation is at a moment. */
import type { Cell } from '../../core/model/cell.ts';
import type { ClusterId } from '../../core/model/id.ts';
import type { CellNow } from '../../core/simulation/moment.ts';
import { describeWait, type Judgement } from '../judge.ts';
import type { CellStatus } from '../ledger.ts';
import { aimDigest, type Steered, type SteerInput } from '../steer.ts';
import type { PretendMember } from './pretend-member.ts';

/** Somebody waits for something to become of it. */
export const isOpen = ({ isReachable, isSettled }: CellNow): boolean => isReachable && !isSettled;

export function cellsNow(
  input: SteerInput,
  members: ReadonlyMap<ClusterId, PretendMember>,
  steered: Steered | undefined,
  judgement: Judgement,
): readonly CellNow[] {
  const { compiled, ledger } = input;
  const wanted = [...compiled.cells.values()].flatMap((cell) => {
    const member = members.get(cell.cluster);
    const status = ledger.of(cell.id);
    return member === undefined ? [] : [wantedNow(cell, member, status, { input, steered, judgement })];
  });
  const leaving = compiled.vanished.flatMap(({ record: { cell, app, cluster } }): readonly CellNow[] => {
    const member = members.get(cluster);
    if (member === undefined) return [];
    const wait = judgement.waiting.get(cell);
    const waits = wait === undefined ? (ledger.of(cell)?.message ?? 'to be removed') : describeWait(wait);
    return [{ ...placed(member, cell, app), isChanging: false, isSettled: false, waits }];
  });
  return [...wanted, ...leaving];
}

type Known = { readonly input: SteerInput; readonly steered: Steered | undefined; readonly judgement: Judgement };

const placed = (member: PretendMember, id: CellNow['id'], app: CellNow['app']) => ({
  id,
  app,
  cluster: member.id,
  isThere: member.records.of(app) !== undefined,
  isReachable: member.isReady,
  ...member.counts(app),
});

function wantedNow(cell: Cell, member: PretendMember, status: CellStatus | undefined, known: Known): CellNow {
  const record = member.records.of(cell.app)?.record;
  const isWell = record?.healthySinceMs !== undefined;
  const aim = aimDigest(cell, known.input.members);
  const isCurrent = aim !== undefined && record?.digest === aim && status?.isApplied === true;
  const isSettled = cell.aim.kind === 'nothingYet' || (isCurrent && isWell);
  return {
    ...placed(member, cell.id, cell.app),
    isChanging: member.isReady && record !== undefined && !isWell,
    isSettled,
    waits: isSettled ? undefined : waitsOf(cell, member, status, known),
  };
}

function waitsOf(cell: Cell, member: PretendMember, status: CellStatus | undefined, known: Known): string | undefined {
  if (!member.isReady) return 'its cluster does not answer';
  if (cell.aim.kind === 'unknown') return cell.aim.diagnostics[0]?.message ?? cell.aim.reason;
  const decision = known.steered?.decisions.get(cell.id);
  if (decision?.kind === 'wait') return decision.reason;
  return status?.message;
}
