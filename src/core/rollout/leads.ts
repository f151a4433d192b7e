/** One cluster before all others: who takes a content first, as everything stands now. */
import type { Digest } from '../model/id.ts';
import { type Evidence, isCurrent, isHealthy, isMoving, isRequired } from './evidence.ts';

/**
 * Over all stages of an App.
 *
 * A stage that has moved on vouches for a content as it was then. Whatever else has changed since, a label or a variable,
 * meets that content for the first time on the next cluster that takes it, so that one shows it before a second takes it.
 */
export class Leads {
  readonly #cells: readonly Evidence[];
  readonly #known = new Map<Digest, 'shown' | Evidence | undefined>();

  constructor(cells: readonly Evidence[]) {
    this.#cells = cells;
  }

  /** Why a cell does not take its aim yet; undefined when it may be the first, or another has shown it. */
  hindranceOf(cell: Evidence): string | undefined {
    if (cell.aim === undefined) return undefined;
    const lead = this.#leadOf(cell.aim.intent);
    if (lead === 'shown' || lead === cell) return undefined;
    if (lead === undefined) return isRequired(cell) ? undefined : 'waits for a cluster that shows it first';
    return `waits for ${lead.cluster}, which takes this first`;
  }

  /** It takes its aim now. */
  begin(cell: Evidence): void {
    if (cell.aim !== undefined && isRequired(cell) && this.#leadOf(cell.aim.intent) === undefined)
      this.#known.set(cell.aim.intent, cell);
  }

  #leadOf(intent: Digest): 'shown' | Evidence | undefined {
    if (this.#known.has(intent)) return this.#known.get(intent);
    const required = this.#cells.filter(isRequired);
    const alike = required.filter(({ aim }) => aim?.intent === intent);
    const isShown = alike.some((cell) => isCurrent(cell) && isHealthy(cell));
    const begun = alike.find((cell) => isCurrent(cell) || isMoving(cell) || hasTried(cell));
    // Also one that is to leave it again: it took it, and is not well.
    const lead = isShown ? 'shown' : (begun ?? required.find((cell) => cell.held?.intent === intent && !isWell(cell)));
    this.#known.set(intent, lead);
    return lead;
  }
}

const isWell = (cell: Evidence): boolean => cell.isApplied && isHealthy(cell);
const hasTried = ({ failure }: Evidence): boolean => failure !== undefined;
