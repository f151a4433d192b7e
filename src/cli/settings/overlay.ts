/** Settings from outside the file: a few names of the environment, then the flags; the later one wins. */
import type { JsonObject } from '../../core/json/value.ts';

/** One value, and who gave it. */
export type Overlay = {
  /** For messages: `LANDFALL_LOG_LEVEL` or `--log-level`. */
  readonly source: string;
  readonly path: readonly string[];
  readonly value: string;
};

export type SettingsFlags = {
  readonly logLevel?: string | undefined;
  readonly listen?: string | undefined;
  readonly refObjectsAvailableScope?: string | undefined;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** All names of the environment that change settings. `LANDFALL_CONFIG` names the file itself. */
export const environmentNames = {
  LANDFALL_INSTALLATION: ['installation'],
  LANDFALL_LISTEN: ['server', 'listen'],
  LANDFALL_LOG_LEVEL: ['log', 'level'],
  LANDFALL_STATE_DIR: ['stateDir'],
} as const;

export function overlaysOf(environment: Environment, flags: SettingsFlags): readonly Overlay[] {
  const given = (source: string, path: readonly string[], value: string | undefined): readonly Overlay[] =>
    value === undefined || value === '' ? [] : [{ source, path, value }];
  return [
    ...Object.entries(environmentNames).flatMap(([name, path]) => given(name, path, environment[name])),
    ...given('--log-level', ['log', 'level'], flags.logLevel),
    ...given('--listen', ['server', 'listen'], flags.listen),
    ...given('--ref-objects-available-scope', ['copies', 'availableScope'], flags.refObjectsAvailableScope),
  ];
}

/** A document that says this alone. */
export const documentOf = ({ path, value }: Overlay): JsonObject =>
  path.toReversed().reduce<JsonObject | string>((inner, step) => ({ [step]: inner }), value) as JsonObject;
