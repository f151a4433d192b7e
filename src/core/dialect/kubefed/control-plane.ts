/** What a KubeFedConfig says about manifests. */
import type { Findings } from '../../model/diagnostic.ts';
import type { Placed } from '../placed.ts';
import { problemsIn, readManifest } from './read.ts';
import * as schema from './schema.ts';

export type ControlPlane = {
  /** Undefined where no manifest says it. */
  readonly scope: 'Cluster' | 'Namespaced' | undefined;
  /** Whose objects are taken over where they are there already. */
  readonly adopt: readonly string[];
};

/** KubeFed takes over whatever bears the right name; told not to, it takes what it made itself. */
const adopting = ['any'];
const careful = ['kubefed'];

export function readControlPlane(configs: readonly Placed[]): Findings<ControlPlane> {
  const [first, ...others] = configs;
  if (first === undefined) return { value: { scope: undefined, adopt: adopting }, diagnostics: [] };
  const { value, diagnostics } = readManifest(schema.KubeFedConfig, first);
  const doubles = others.flatMap((other) => {
    const problems = problemsIn(other);
    problems.warn('A1562', [], `the KubeFedConfig in ${first.origin.path}:${first.origin.line} counts, not this one`);
    return problems.list;
  });
  return {
    value: {
      scope: value?.spec.scope,
      // What cannot be read grants nothing.
      adopt: value === undefined || value.spec.syncController?.adoptResources === 'Disabled' ? careful : adopting,
    },
    diagnostics: [...diagnostics, ...doubles],
  };
}
