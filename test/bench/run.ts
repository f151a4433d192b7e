/** `npm run bench -- <name> [--json] [--clusters N] [--objects M] [--runs R] [--real]` */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { apply, type Measurement } from './apply.ts';
import type { Bench, BenchOptions } from './bench.ts';
import { blackhole } from './blackhole.ts';
import { type BenchClusters, realClusters, sandboxClusters } from './clusters.ts';
import { type BenchReport, machine, printReport } from './figures.ts';
import { besideFlux } from './flux/beside.ts';
import { memory } from './memory.ts';
import { noop } from './noop.ts';
import { push } from './push.ts';
import { gitServer } from './repository.ts';

type Benchmark = {
  readonly run: (bench: Bench) => Promise<Measurement>;
  /** Of a size that ends within about two minutes. */
  readonly defaults: Pick<BenchOptions, 'clusters' | 'objects'>;
  /** On real API servers only, which it starts itself. */
  readonly hasOwnServers?: true;
};

const benchmarks: Readonly<Record<string, Benchmark>> = {
  apply: { run: apply, defaults: { clusters: 10, objects: 300 } },
  push: { run: push, defaults: { clusters: 10, objects: 300 } },
  noop: { run: noop, defaults: { clusters: 10, objects: 300 } },
  memory: { run: memory, defaults: { clusters: 10, objects: 300 } },
  blackhole: { run: blackhole, defaults: { clusters: 10, objects: 100 } },
  flux: { run: besideFlux, defaults: { clusters: 4, objects: 300 }, hasOwnServers: true },
};

const usage = `npm run bench -- <${Object.keys(benchmarks).join('|')}> [--json] [--clusters N] [--objects M] [--runs R] [--real]
  --clusters  sandbox clusters, or real API servers with --real (10)
  --objects   on each cluster
  --runs      medians are over so many (5)
  --real      kube-apiservers on this machine instead of the sandbox; built once where \`go\` is installed
  --json      one JSON object instead of the table
The full size is --clusters 100 --objects 1000.
`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    clusters: { type: 'string' },
    objects: { type: 'string' },
    runs: { type: 'string' },
    real: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});
const [name = ''] = positionals;
const benchmark = benchmarks[name];
if (benchmark === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else process.stdout.write(await measure(benchmark));

async function measure({ run, defaults, hasOwnServers }: Benchmark): Promise<string> {
  const isReal = values.real === true || hasOwnServers === true;
  const options: BenchOptions = {
    clusters: countOf(values.clusters, values.real === true ? 10 : defaults.clusters),
    objects: countOf(values.objects, defaults.objects),
    runs: countOf(values.runs, 5),
    isReal,
  };
  const folder = mkdtempSync(join(tmpdir(), 'landfall-bench-'));
  const git = await gitServer(folder);
  const real = isReal && !hasOwnServers ? await realClusters(options.clusters) : undefined;
  let taken = 0;
  const takeClusters = async (count: number): Promise<BenchClusters> => {
    taken += 1;
    if (real === undefined) return sandboxClusters(count, join(folder, `clusters-${taken}`));
    // Real ones take long to start: they are shared by all runs, which keep apart by their names.
    return { ...real, clusters: real.clusters.slice(0, count), stop: () => Promise.resolve() };
  };
  try {
    const say = (line: string): void => void process.stderr.write(`# ${line}\n`);
    const { figures, objectRequests, notes } = await run({ ...options, folder, git, takeClusters, say });
    const where = isReal
      ? 'the API servers and etcd are processes of their own on the same machine'
      : 'the sandbox is a process of its own on the same machine: its processor time and memory are not counted as ours';
    const report: BenchReport = {
      bench: name,
      tier: isReal ? 'real' : 'sandbox',
      clusters: options.clusters,
      objectsPerCluster: options.objects,
      runs: options.runs,
      machine: machine(),
      node: process.versions.node,
      objectRequests,
      figures,
      notes: [where, ...notes],
    };
    return values.json === true ? `${JSON.stringify(report)}\n` : printReport(report);
  } finally {
    await real?.stop();
    await git.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function countOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`not a count: ${text}`);
  return count;
}
