/** Things that wait for each other. */

/** The way from a name through what it needs back to itself; the shortest. */
export function circleFrom(name: string, needs: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const seen = new Set<string>();
  let trails: readonly (readonly string[])[] = [[name]];
  while (trails.length > 0) {
    const next: (readonly string[])[] = [];
    for (const trail of trails) {
      for (const needed of needs.get(trail.at(-1) ?? '') ?? []) {
        if (needed === name) return [...trail, name];
        if (seen.has(needed)) continue;
        seen.add(needed);
        next.push([...trail, needed]);
      }
    }
    trails = next;
  }
  return undefined;
}
