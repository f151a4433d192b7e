/** Claims to one more replica, strongest first. */
export type Claim = {
  /** Its place in the list: among equals the earlier goes first. */
  readonly index: number;
  readonly strength: number;
  readonly isKept: boolean;
};

function isBefore(a: Claim, b: Claim): boolean {
  if (a.strength !== b.strength) return a.strength > b.strength;
  if (a.isKept !== b.isKept) return a.isKept;
  return a.index < b.index;
}

/** A binary heap. */
export class ClaimHeap {
  readonly #claims: Claim[] = [];

  add(claim: Claim | undefined): void {
    if (claim === undefined) return;
    const claims = this.#claims;
    let at = claims.length;
    claims.push(claim);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = claims[parent];
      if (above === undefined || !isBefore(claim, above)) break;
      claims[at] = above;
      at = parent;
    }
    claims[at] = claim;
  }

  take(): Claim | undefined {
    const claims = this.#claims;
    const first = claims[0];
    const last = claims.pop();
    if (last === undefined || claims.length === 0) return first;
    let at = 0;
    for (;;) {
      const child = this.#strongerChild(at);
      const below = claims[child];
      if (below === undefined || !isBefore(below, last)) break;
      claims[at] = below;
      at = child;
    }
    claims[at] = last;
    return first;
  }

  #strongerChild(at: number): number {
    const [left, right] = [this.#claims[2 * at + 1], this.#claims[2 * at + 2]];
    return left !== undefined && right !== undefined && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1;
  }
}
