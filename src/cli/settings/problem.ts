/** What is wrong with the settings: everything at once, each with its place. */

export type SettingsProblem = {
  /** A file, `LANDFALL_…` or a flag. */
  readonly source: string;
  /** Undefined for what is not in a file. */
  readonly position: { readonly line: number; readonly column: number } | undefined;
  readonly message: string;
  readonly hint: string | undefined;
};

/** Ends a command with exit code 2. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly SettingsProblem[];
  constructor(problems: readonly SettingsProblem[]) {
    super(problems.map(({ message }) => message).join('; '));
    this.problems = problems;
  }
}
