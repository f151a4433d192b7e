/** Apps that are whole only with what clusters say, made of what was read there. */
import { refuseCopy } from '../grant/grant.ts';
import type { Awaited } from '../model/awaited.ts';
import type { Reading } from '../model/declarations.ts';
import type { Diagnostic, Findings } from '../model/diagnostic.ts';
import type { RepositoryId } from '../model/id.ts';
import { readKey } from '../model/observed.ts';
import { grantsOf } from './grants.ts';
import type { Source, World } from './world.ts';

type Known = Pick<World, 'copyScope' | 'observed'>;

/** Shape: the same sources where nothing awaits. What a repository may not copy, it may not be made of either. */
export function withAwaited(sources: readonly Source[], known: Known): readonly Source[] {
  if (!sources.some(isAwaiting)) return sources;
  const operators = sources.filter(({ role }) => role !== 'tenant');
  const grants = grantsOf(
    sources,
    operators.flatMap(({ head }) => head.value.tenants),
  );
  return sources.map((source) => {
    if (!isAwaiting(source)) return source;
    const made = (awaited: Awaited) => madeOf(awaited, source.id, grants, known);
    return {
      ...source,
      head: madeIn(source.head, made),
      revisions: new Map([...source.revisions].map(([commit, reading]) => [commit, madeIn(reading, made)])),
    };
  });
}

const isAwaiting = ({ head, revisions }: Source): boolean =>
  [head, ...revisions.values()].some(({ value }) => value.awaited.length > 0);

/** Shape: what was refused for another reason, such as a second App of its name, stays so. */
function madeIn(
  { value, diagnostics }: Findings<Reading>,
  made: (awaited: Awaited) => ReturnType<Awaited['made']>,
): Findings<Reading> {
  const found = new Map(value.awaited.map((awaited) => [awaited.until.intent, made(awaited)]));
  const placements = new Map(
    value.awaited.map(({ until }) => [until.placement, found.get(until.intent)?.value.placement]),
  );
  return {
    value: {
      ...value,
      intents: value.intents.map((intent) => found.get(intent)?.value.intent ?? intent),
      placements: value.placements.map((placement) => placements.get(placement) ?? placement),
    },
    diagnostics: [...diagnostics, ...[...found.values()].flatMap((each) => each.diagnostics)],
  };
}

function madeOf(
  { until, reads, instead, made }: Awaited,
  repository: RepositoryId,
  grants: ReturnType<typeof grantsOf>,
  { copyScope, observed }: Known,
): ReturnType<Awaited['made']> {
  const grant = grants.get(repository) ?? { kind: 'nothing', reason: 'unknown repository' };
  const namespace = until.intent.id.slice(0, until.intent.id.indexOf('/'));
  const refused = reads.flatMap((copy): readonly Diagnostic[] => {
    const message = refuseCopy(grant, copy, namespace, copyScope);
    return message === undefined
      ? []
      : [{ code: 'A1404', severity: 'error', origin: copy.origin, message, hint: instead }];
  });
  if (refused.length > 0) return { value: until, diagnostics: refused };
  return made((copy) => observed.reads.get(readKey(copy)));
}
