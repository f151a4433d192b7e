/** Cases that a target need not pass, and why. */

export type Exemption = {
  readonly reason: string;
  /** Names of cases, or of whole themes. */
  readonly tests: readonly string[];
};

/** The reason of each exempt test. Errors: throws at a name that no test has, so that no exemption outlives its case. */
export function reasonsOf(exemptions: readonly Exemption[], names: ReadonlySet<string>): ReadonlyMap<string, string> {
  const reasons = new Map(exemptions.flatMap(({ reason, tests }) => tests.map((test) => [test, reason])));
  const unknown = [...reasons.keys()].filter((test) => !names.has(test));
  if (unknown.length > 0) throw new Error(`exempt, but there is no such case: ${unknown.join(', ')}`);
  return reasons;
}
