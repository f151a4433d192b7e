/** How hard something is, whoever else works on this machine: processor time instead of time on the wall. */

/** Units: milliseconds of processor time that this process spent meanwhile. */
export function effortMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/**
 * How many times the effort grows from `small` to `large`; the least of three tries, since only others' work adds to it.
 *
 * Shape: about the growth of the input where effort is linear, its square where it is quadratic.
 */
export function growth(run: (size: number) => void, small: number, large: number): number {
  run(small);
  const tries = [0, 1, 2].map(
    () =>
      effortMs(() => run(large)) /
      Math.max(
        effortMs(() => run(small)),
        1,
      ),
  );
  return Math.min(...tries);
}
