/** Every command with its options and one real example. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { logLevels } from '../edge/log/log.ts';
import { addFileCommands } from './commands-on-files.ts';
import { formats } from './output/answer.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

type End = (code: ExitCode) => void;

/** `end` is told how the command ended. Each command loads its own code, so that `--help` need not wait for it. */
export function addCommands(program: Command, around: Surroundings, end: End): void {
  const add = (usage: string, summary: string, example: string): Command =>
    program.command(usage).description(summary).addHelpText('after', `\nExample:\n  ${example}`);

  add('demo', 'a fleet, a Git repository and a Landfall on this machine, to play with', 'landfall demo --once')
    .option('--once', 'play the quickstart and end: 0 when every cell ended synced and healthy')
    .addOption(
      new Option('--port <port>', 'where the dashboard and /metrics answer; 0 takes a free one')
        .argParser(countFrom(0, 65_535))
        .default(0),
    )
    .addOption(output())
    .action(async (options) => end(await (await import('./command/demo.ts')).demo(options, around)));

  add('check', 'read manifests and tell what is wrong with them', 'landfall check . --at HEAD~1')
    .argument('<dir>', 'a folder of manifests')
    .addOption(at())
    .addOption(toolConfig())
    .addOption(output())
    .action(async (path, options) => end(await (await import('./command/check.ts')).check(path, options, around)));

  add('build', 'print what each cluster would hold, offline', 'landfall build . --cluster eu-1 | kubectl diff -f -')
    .argument('<dir>', 'a folder of manifests; plain Kubernetes manifests too')
    .addOption(at())
    .option('--cluster <name>', 'this cluster only')
    .addOption(toolConfig())
    .option('--live <file>', 'live objects that copies take: {clusters: {name: [object…]}}, YAML or JSON')
    .addOption(output())
    .action(async (path, options) => end(await (await import('./command/build.ts')).build(path, options, around)));

  fleetOptions(
    add(
      'plan',
      'what would change on the fleet, by server-side dry run; nothing is written',
      'landfall plan --at HEAD~1 --cluster eu-1',
    ).option('--at <revision>', 'as if this commit were the head: a SHA, or any name in a repository of this machine'),
  )
    .option('--exit-code', 'end with 1 when anything would change')
    .action(async (options) => end(await (await import('./command/plan.ts')).plan(options, around)));

  fleetOptions(
    add('apply', 'bring the fleet to what Git says, and end', 'landfall apply --app shop/web --timeout 5m').option(
      '--once',
      'end when all is as wanted, or stuck; it always does',
    ),
  )
    .addOption(new Option('--timeout <duration>', 'how long to wait').argParser(duration).default(600_000, '10m'))
    .action(async (options) => end(await (await import('./command/apply.ts')).apply(options, around)));

  fleetOptions(add('status', 'the fleet as it is now, Apps by clusters', 'landfall status -o json')).action(
    async (options) => end(await (await import('./command/status.ts')).status(options, around)),
  );

  fleetOptions(
    add(
      'explain',
      'one commit through every step, with the reason of each wait or refusal',
      'landfall explain HEAD --app shop/web --cluster eu-1',
    ).argument('<commit>', 'a SHA, or any name in a repository of this machine'),
  ).action(async (commit, options) =>
    end(await (await import('./command/explain.ts')).explain(commit, options, around)),
  );

  add(
    'simulate',
    'what would become of the fleet, offline: clusters lost or added, edits, and policies that have to hold',
    'landfall simulate . --lose eu-1 --script simulations/lose-eu.yaml',
  )
    .argument('<dir>', 'a folder of manifests')
    .addOption(
      new Option('--lose <cluster>', 'as if this cluster did not answer any more; again for each')
        .argParser((name: string, before: readonly string[]) => [...before, name])
        .default([], 'none'),
    )
    .option('--add <file>', 'a file or folder of manifests that a commit would add, such as a new Cluster')
    .option('--script <file>', 'a Simulation: steps, one after the other, and what has to hold')
    .addOption(toolConfig())
    .addOption(output())
    .action(async (path, options) =>
      end(await (await import('./command/simulate.ts')).simulate(path, options, around)),
    );

  add('promote', 'move the pin of a stage: by pull request, or by a push', 'landfall promote shop/web --to production')
    .argument('<app>', 'namespace/name; the pin is that of its Placement')
    .requiredOption('--to <stage>', 'the stage that is to follow')
    .option('--revision <revision>', 'a SHA, or any name in a repository of this machine; else what may follow next')
    .option('--merge', 'merge the pull request, too, if all gates have passed')
    .addOption(config())
    .addOption(output())
    .addOption(logLevel())
    .addOption(copyScope())
    .action(async (app, options) => end(await (await import('./command/promote.ts')).promote(app, options, around)));

  addFileCommands(program, around, end);

  add(
    'run',
    'the controller: follow repositories and clusters until told to stop',
    'landfall run --config landfall.yaml',
  )
    .addOption(config())
    .option('--listen <host:port>', 'where the dashboard, /livez, /readyz and /metrics answer')
    .addOption(logLevel())
    .addOption(copyScope())
    .action(async (options) => end(await (await import('./command/run.ts')).run(options, around)));

  add(
    'sandbox',
    'serve pretend API servers, for trying things out',
    'landfall sandbox --clusters eu-1,us-1 --dir kubeconfigs',
  )
    .addOption(
      new Option('--clusters <count>', 'how many, or their names with commas').argParser(countOrNames).default(1),
    )
    .option('--dir <dir>', 'where to write <cluster>.kubeconfig; a folder that goes when it stops, if absent')
    .option(
      '--forge <owner/name>',
      "a Git forge beside them, with Gitea's API and pages, and this empty repository; needs --dir",
    )
    .addOption(new Option('--port <port>', '0 takes a free one').argParser(countFrom(0, 65_535)).default(0))
    .action(async (options) => end(await (await import('./command/sandbox.ts')).sandbox(options, around)));
}

/** Of commands that look at the fleet of the settings. */
const fleetOptions = (command: Command): Command =>
  command
    .addOption(config())
    .option('--app <namespace/name>', 'this App only')
    .option('--cluster <name>', 'this cluster only')
    .addOption(output())
    .addOption(logLevel())
    .addOption(copyScope());

const at = (): Option =>
  new Option('--at <revision>', 'as a branch, tag or commit has it; else as the files lie there');

const output = (): Option =>
  new Option('-o, --output <format>', 'for people or for programs').choices(formats).default('human');

const config = (): Option =>
  new Option('--config <file>', 'the settings; else landfall.yaml here, else the repository of this folder alone');

const toolConfig = (): Option =>
  new Option('--config <file>', 'settings, for what they say of Helm and Kustomize; else the defaults');

const logLevel = (): Option =>
  new Option('--log-level <level>', 'how much to log to standard error').choices(logLevels);

const copyScope = (): Option =>
  new Option('--ref-objects-available-scope <scope>', 'where copies may come from').choices([
    'global',
    'cluster',
    'namespace',
  ]);

/** As many as an API server on one machine is asked for. */
const sandboxMax = 5_000;

function countOrNames(text: string): number | readonly string[] {
  if (/^[0-9]*$/.test(text)) return countFrom(1, sandboxMax)(text);
  const names = text.split(',');
  const wrong = names.find((name) => !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name));
  if (wrong !== undefined)
    throw new InvalidArgumentError(
      `${JSON.stringify(wrong)} is no name of a cluster: lower case letters, digits and \`-\`.`,
    );
  if (new Set(names).size < names.length) throw new InvalidArgumentError('A name is there twice.');
  return names;
}

const countFrom =
  (min: number, max: number) =>
  (text: string): number => {
    const count = Number(text);
    if (/^[0-9]+$/.test(text) && count >= min && count <= max) return count;
    throw new InvalidArgumentError(`Must be a whole number from ${min} to ${max}.`);
  };

/** As everywhere in Landfall; the schema that reads it is loaded with the command that needs it. */
function duration(text: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
  if (!/^(?:[0-9]+(?:ms|s|m|h))+$/.test(text)) throw new InvalidArgumentError('Must be a duration such as 90s or 10m.');
  return [...text.matchAll(/([0-9]+)(ms|s|m|h)/g)].reduce(
    (sum, [, count, unit = 's']) => sum + Number(count) * (units[unit] ?? 0),
    0,
  );
}
