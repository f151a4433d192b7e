/** Namespaces that were seen or made since the connection began; one that was deleted since is found out by a 404. */

export class KnownNamespaces {
  readonly #ensured = new Map<string, Promise<void>>();

  /**
   * Looks for it and makes it, once for all cells that need it.
   *
   * Errors: those of `make`. Whoever waited for another's attempt that failed tries itself: it may act as somebody else.
   */
  async ensure(name: string, make: () => Promise<void>): Promise<void> {
    for (let running = this.#ensured.get(name); running !== undefined; running = this.#ensured.get(name)) {
      const isThere = await running.then(
        () => true,
        () => false,
      );
      if (isThere) return;
    }
    const making = make();
    this.#ensured.set(name, making);
    try {
      await making;
    } catch (error) {
      if (this.#ensured.get(name) === making) this.#ensured.delete(name);
      throw error;
    }
  }

  /** Looks again next time. */
  clear(): void {
    this.#ensured.clear();
  }
}
