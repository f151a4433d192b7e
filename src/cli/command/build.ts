/** `landfall build`: what each cluster would hold, without asking any. */
import { resolve } from 'node:path';
import type { Compiled } from '../../core/compile/compile.ts';
import type { Json } from '../../core/json/value.ts';
import type { Cell, Rendering } from '../../core/model/cell.ts';
import { type Diagnostic, isError } from '../../core/model/diagnostic.ts';
import type { ClusterId } from '../../core/model/id.ts';
import type { KubeObject } from '../../core/model/object.ts';
import { formatYamlDocuments } from '../../core/yaml/format.ts';
import { diagnosticAnswer } from '../../server/api/diagnostic-answer.ts';
import { assumedClusters } from '../offline/assumed.ts';
import { compileFolder, type OfflineChoice, readNothing } from '../offline/compiled.ts';
import { openFolder } from '../offline/folder.ts';
import { answersFrom, readLiveFile } from '../offline/live.ts';
import { parserFor } from '../offline/parser.ts';
import { toolsFor } from '../offline/tools.ts';
import { type Format, printAnswer } from '../output/answer.ts';
import { printDiagnostics } from '../output/diagnostics.ts';
import type { ExitCode, Surroundings } from '../surroundings.ts';
import { viewOf } from './check.ts';

export type BuildOptions = {
  readonly at?: string | undefined;
  readonly cluster?: string | undefined;
  readonly live?: string | undefined;
  readonly config?: string | undefined;
  readonly output: Format;
};

export async function build(path: string, options: BuildOptions, around: Surroundings): Promise<ExitCode> {
  const parser = await parserFor(options, around);
  const folder = await openFolder(resolve(around.folder, path), options.at, around.signal, parser);
  try {
    const choice: OfflineChoice = {
      plain: 'yes',
      assumed: assumedClusters(options.cluster),
      missingPin: 'error',
      read: await readerOf(options, around),
      openTools: toolsFor(options, around),
    };
    const compiled = await compileFolder(folder, choice, around.signal);
    const built = builtOf(compiled, options.cluster);
    const { diagnostics } = compiled;
    const problems = [...diagnostics, ...missingReads(built), ...unknownCells(compiled, built)];
    const { stdout, stderr } = around;
    printAnswer(options.output, answerOf(built, problems), () => textOf(built), stdout);
    // What is built is for a file or for kubectl; what is wrong with it is for whoever sits here.
    if (options.output === 'human') stderr.write(printDiagnostics(problems, viewOf(folder, path, options.at), stderr));
    return problems.some(isError) ? 1 : 0;
  } finally {
    folder.close();
  }
}

async function readerOf({ live }: BuildOptions, { folder }: Surroundings): Promise<OfflineChoice['read']> {
  if (live === undefined) return readNothing;
  const objects = await readLiveFile(resolve(folder, live));
  return async (reads) => answersFrom(objects, reads);
}

type Built = ReadonlyMap<ClusterId, readonly BuiltCell[]>;
type BuiltCell = { readonly cell: Cell; readonly rendering: Rendering };

/** Shape: every cluster of the fleet, one without any App too; in order of name. */
function builtOf({ cells, gathered }: Compiled, only: string | undefined): Built {
  const holding = [...cells.values()].flatMap((cell): readonly BuiltCell[] =>
    cell.aim.kind === 'hold' ? [{ cell, rendering: cell.aim.rendering }] : [],
  );
  const byCluster = Map.groupBy(holding, ({ cell }) => cell.cluster);
  const clusters = [...gathered.fleet.keys()].filter((cluster) => only === undefined || cluster === only);
  return new Map(clusters.map((cluster) => [cluster, byCluster.get(cluster) ?? []]));
}

/** Namespaces that Landfall would make come first, as it would make them. */
function objectsOf(cells: readonly BuiltCell[]): readonly KubeObject[] {
  const made = new Set(cells.flatMap(({ rendering }) => rendering.namespaces));
  const declared = new Set(
    cells.flatMap(({ rendering }) =>
      rendering.objects.flatMap(({ object }) => (object.kind === 'Namespace' ? [object.metadata.name] : [])),
    ),
  );
  const namespaces = [...made]
    .filter((name) => !declared.has(name))
    .toSorted()
    .map((name): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  return [...namespaces, ...cells.flatMap(({ rendering }) => rendering.objects.map(({ object }) => object))];
}

function answerOf(built: Built, diagnostics: readonly Diagnostic[]): Json {
  return {
    clusters: Object.fromEntries([...built].map(([cluster, cells]) => [cluster, objectsOf(cells)])),
    diagnostics: diagnostics.map(diagnosticAnswer),
    placements: [...built.values()].flat().map(({ cell, rendering }) => placementOf(cell, rendering)),
  };
}

function placementOf({ app, cluster }: Cell, { replicas }: Rendering): Json {
  if (replicas.size === 0) return { app, cluster };
  return { app, cluster, replicas: [...replicas.values()].reduce((sum, count) => sum + count, 0) };
}

function textOf(built: Built): string {
  return [...built]
    .map(([cluster, cells]) => `# cluster: ${cluster}\n${formatYamlDocuments(objectsOf(cells))}`)
    .join('---\n');
}

/** What could not be read of clusters is missing in what was built, and nobody would notice. */
function missingReads(built: Built): readonly Diagnostic[] {
  const found = [...built.values()].flat().flatMap(({ cell, rendering }): readonly Diagnostic[] =>
    rendering.missing.map((reason) => ({
      code: 'A1221',
      severity: 'warning',
      origin: { repository: cell.repository, path: cell.source, line: 1, column: 1 },
      message: `App ${cell.app} lacks ${reason}`,
      hint: 'give the objects with --live FILE, as {clusters: {hub: [{kind: Secret, …}]}}',
    })),
  );
  return [...new Map(found.map((each) => [each.message, each])).values()];
}

/** Cells that are left out because of something that is no mistake in a manifest: nobody would miss them. */
function unknownCells({ cells, intents }: Compiled, built: Built): readonly Diagnostic[] {
  return [...cells.values()].flatMap(({ aim, app, cluster, id, repository, source }): readonly Diagnostic[] => {
    const isTold = aim.kind !== 'unknown' || aim.diagnostics.length > 0 || intents.get(id)?.isBroken !== false;
    if (isTold || !built.has(cluster)) return [];
    const origin = { repository, path: source, line: 1, column: 1 };
    const message = `App ${app} is not built for ${cluster}: ${aim.reason}`;
    return [{ code: 'A1221', severity: 'warning', origin, message }];
  });
}
