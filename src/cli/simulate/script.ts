/** The script of a simulation: one Simulation in a file, or what the flags of the command say. */
import { readFile } from 'node:fs/promises';
import { describeAction, readSimulation } from '../../core/dialect/native/simulation.ts';
import { kindOfDocument } from '../../core/dialect/placed.ts';
import type { Diagnostic, Findings } from '../../core/model/diagnostic.ts';
import { clusterId, type RepositoryId, repositoryId } from '../../core/model/id.ts';
import type { Simulation, StepAction } from '../../core/model/simulation.ts';
import type { Origin } from '../../core/model/source.ts';
import { readManifests } from '../../core/yaml/read.ts';
import { UsageError } from '../failure.ts';

export type Flags = {
  readonly lose: readonly string[];
  /** `shown` as it was typed. */
  readonly add: { readonly path: string; readonly shown: string } | undefined;
};

export type Script = { readonly simulation: Simulation; readonly text: string };

/** Stands for the repository of a file that is in none. */
const nowhere: RepositoryId = repositoryId('script');

/** Reads `path`, which diagnostics call `shown`. Errors: UsageError, when there is no such file. */
export async function readScript(path: string, shown: string): Promise<Findings<Script | undefined>> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new UsageError(`cannot read ${shown}: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  const { documents, problems } = readManifests(shown, bytes);
  const placeOf = (line: number, column: number): Origin => ({ repository: nowhere, path: shown, line, column });
  const found = problems.map(
    ({ code, line, column, message, hint }): Diagnostic => ({
      code,
      severity: 'error',
      origin: placeOf(line, column),
      message,
      ...(hint === undefined ? {} : { hint }),
    }),
  );
  const [document, other] = documents.filter((each) => kindOfDocument(each).kind === 'Simulation');
  if (document === undefined || other !== undefined) {
    const [line = 1, column = 1] = other?.marks ?? [];
    const count = document === undefined ? 'no Simulation' : 'more than one Simulation';
    if (found.length === 0)
      found.push({
        code: 'A1104',
        severity: 'error',
        origin: placeOf(line, column),
        message: `there is ${count} in this file`,
        hint: 'a script is one document with `apiVersion: landfall.dev/v1alpha1` and `kind: Simulation`',
      });
    return { value: undefined, diagnostics: found };
  }
  const [line = 1, column = 1] = document.marks;
  const { value, diagnostics } = readSimulation({ document, origin: placeOf(line, column) });
  const all = [...found, ...diagnostics];
  if (value === undefined || all.length > 0) return { value: undefined, diagnostics: all };
  return { value: { simulation: value, text: new TextDecoder().decode(bytes) }, diagnostics: [] };
}

/** Is this said by a flag, and so written in no file? */
export const isFlag = ({ repository, path }: Origin): boolean => repository === nowhere && path === '';

/** Shape: what the flags say comes first. Without flags and script the story is the first rollout. */
export function withFlags(script: Simulation | undefined, { lose, add }: Flags): Simulation {
  const origin: Origin = { repository: nowhere, path: '', line: 1, column: 1 };
  const actions: readonly StepAction[] = [
    ...(add === undefined ? [] : [{ kind: 'add', path: add.path } as const]),
    ...(lose.length === 0 ? [] : [{ kind: 'lose', clusters: { kind: 'names', names: lose.map(clusterId) } } as const]),
  ];
  const steps = actions.map((action) => ({
    origin,
    name: describeAction(action.kind === 'add' ? { ...action, path: add?.shown ?? '' } : action),
    action,
    forMs: undefined,
    policies: [],
  }));
  if (script !== undefined) return { ...script, steps: [...steps, ...script.steps] };
  return {
    name: 'flags',
    origin,
    isStartingEmpty: steps.length === 0,
    startMs: undefined,
    readyAfterMs: 30_000,
    policies: [],
    steps,
  };
}
