/** What a person would be shown of a compiled state: objects by cluster, diagnostics, and where everything is. */
import { type Compiled, compile } from '../../src/core/compile/compile.ts';
import type { World } from '../../src/core/compile/world.ts';
import { pendingDeletes } from '../../src/core/guard/deletes.ts';
import { WantedObjects } from '../../src/core/guard/wanted.ts';
import type { Cell } from '../../src/core/model/cell.ts';
import type { Diagnostic } from '../../src/core/model/diagnostic.ts';
import { partsOf } from '../../src/core/model/id.ts';
import { formatYamlDocuments } from '../../src/core/yaml/format.ts';

/** By path inside the case. */
export function answersOf(world: World): ReadonlyMap<string, string> {
  const compiled = compile(world);
  return new Map([
    ...[...compiled.gathered.fleet.keys()].map(
      (cluster) => [`out/${cluster}.yaml`, objectsOn(cluster, compiled)] as const,
    ),
    ['out/diagnostics.txt', compiled.diagnostics.map(describe).join('')],
    ['out/placements.txt', placements(compiled, world)],
  ]);
}

function objectsOn(cluster: string, { cells }: Compiled): string {
  const objects = [...cells.values()]
    .filter((cell) => cell.cluster === cluster)
    .flatMap(({ aim }) => (aim.kind === 'hold' ? aim.rendering.objects : []));
  return objects.length === 0 ? '' : formatYamlDocuments(objects.map(({ object }) => object));
}

function describe({ code, severity, origin, message, hint }: Diagnostic): string {
  const where = `${origin.repository} ${origin.path}:${origin.line}:${origin.column}`;
  return `${where}: ${severity} ${code}: ${message}\n${hint === undefined ? '' : `  ${hint}\n`}`;
}

function placements(compiled: Compiled, { observed }: World): string {
  const pending = pendingDeletes(
    compiled.cells,
    compiled.vanished,
    observed.records,
    new WantedObjects(compiled.cells),
  );
  const lines = [
    ...[...compiled.cells.values()].map(cellText),
    ...compiled.vanished.map(({ record, reason }) => `${record.cell} goes: ${reason}, ${record.onDelete}\n`),
    ...pending.flatMap(({ cell, cause, keys }) => keys.map((key) => `${cell} would delete ${key} (${cause})\n`)),
  ];
  return lines.toSorted().join('');
}

function cellText(cell: Cell): string {
  const { id, stage, aim, isSuspended, movedFrom } = cell;
  const notes = [
    ...(isSuspended ? ['suspended'] : []),
    ...(movedFrom.length > 0 ? [`was ${movedFrom.join(', ')}`] : []),
    ...(aim.kind === 'hold' ? holdNotes(aim.rendering) : []),
  ];
  const text =
    aim.kind === 'hold'
      ? `holds ${aim.rendering.objects.length} at ${cell.revision.slice(0, 7)}`
      : `${aim.kind}: ${aim.reason}`;
  return `${id} ${stage} ${[text, ...notes].join('; ')}\n`;
}

function holdNotes({
  replicas,
  missing,
  namespaces,
  needs,
}: Extract<Cell['aim'], { kind: 'hold' }>['rendering']): readonly string[] {
  return [
    ...[...replicas].map(([key, count]) => `${partsOf(key).kind} ${partsOf(key).name} has ${count}`),
    ...missing.map((reason) => `missing ${reason}`),
    ...(namespaces.length > 0 ? [`makes ${namespaces.join(', ')}`] : []),
    ...[...needs].map(([part, others]) => `${part} after ${others.join(', ')}`),
  ];
}
