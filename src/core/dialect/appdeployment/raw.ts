/** ApplicationRevisions as the old controller wrote them: with the objects that it had rendered. */
import { valueAt } from '../../json/pointer.ts';
import { isObject, type JsonObject } from '../../json/value.ts';
import type { Findings } from '../../model/diagnostic.ts';
import { readNative } from '../native/read.ts';
import { originAt, type Placed } from '../placed.ts';
import { type Rendered, unknownComponent } from './rendered.ts';
import { RawRevision } from './schema.ts';

const configured = ['spec', 'applicationConfiguration', 'spec', 'components'];

/** Shape: in the order of the configuration, each with the workload that its component has. */
export function rawComponents(placed: Placed): Findings<readonly Rendered[] | undefined> {
  const { value, diagnostics } = readNative(RawRevision, placed);
  if (value === undefined) return { value, diagnostics };
  const { components, applicationConfiguration } = value.spec;
  const names = components.map(({ metadata }) => metadata.name);
  const found = applicationConfiguration.spec.components.map((given, index): Findings<Rendered | undefined> => {
    // A component's own revision is named after it.
    const name = given.componentName ?? given.revisionName?.replace(/-[^-]*$/, '') ?? '';
    const at = names.indexOf(name);
    const origin = originAt(placed, [...configured, index]);
    if (at === -1) return { value: undefined, diagnostics: [unknownComponent(name, origin, names)] };
    const traits = (given.traits ?? []).map((_, order) => ({
      object: objectAt(placed, [...configured, index, 'traits', order, 'trait']),
      resource: undefined,
    }));
    const workload = objectAt(placed, ['spec', 'components', at, 'spec', 'workload']);
    return { value: { name, workload, traits, origin }, diagnostics: [] };
  });
  const problems = found.flatMap((each) => each.diagnostics);
  if (problems.length > 0) return { value: undefined, diagnostics: problems };
  return { value: found.flatMap((each) => (each.value === undefined ? [] : [each.value])), diagnostics: [] };
}

/** As written, not as the schema gives it. */
function objectAt({ document }: Placed, path: readonly (string | number)[]): JsonObject {
  const value = valueAt(document.value, path.map(String));
  return isObject(value) ? value : {};
}
