/** One step of a commit on its way, as it is explained. */
/** Whose turn it is: done, under way or waiting, or somebody must act. */
export type StepTone = 'good' | 'waiting' | 'bad';

export type Step = {
  /** What is looked at: `head`, `read`, `app`, `gate`, `place`, `render`, `decide`, `apply`, `health`, `told`, `delete`. */
  readonly step: string;
  /** The cell or the App that it is about; undefined for the commit itself. */
  readonly subject: string | undefined;
  /** Units: milliseconds since 1970; undefined when nobody noted it. */
  readonly atMs: number | undefined;
  readonly result: string;
  readonly reason: string | undefined;
  readonly tone: StepTone;
};

export function step(
  name: string,
  subject: string | undefined,
  tone: StepTone,
  result: string,
  parts: Partial<Pick<Step, 'atMs' | 'reason'>> = {},
): Step {
  return { step: name, subject, tone, result, atMs: undefined, reason: undefined, ...parts };
}

export const short = (commit: string): string => commit.slice(0, 12);
