/** The commands that write manifests into a folder: what joins clusters, and what brings over what is there already. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { rights } from '../core/join/member-objects.ts';
import { formats } from './output/answer.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

type End = (code: ExitCode) => void;
type Add = (to: Command, usage: string, summary: string, example: string) => Command;

const add: Add = (to, usage, summary, example) =>
  to.command(usage).description(summary).addHelpText('after', `\nExample:\n  ${example}`);

export function addFileCommands(program: Command, around: Surroundings, end: End): void {
  const cluster = add(
    program,
    'cluster',
    'join a cluster to the fleet, let it go, list them',
    'landfall cluster join eu-1 --context eu-1 --labels tier=production',
  ).helpCommand(false);
  addClusterCommands(cluster, around, end);

  add(
    program,
    'federate',
    'print an object, or all of a namespace, as manifests for every cluster',
    'landfall federate namespace shop --contents --context eu-1 > shop.yaml',
  )
    .argument('[type]', 'as kubectl takes it: deployment, svc, widgets.example.com')
    .argument('[name]', 'one object')
    .option('-f, --filename <file>', 'objects out of a file or a folder instead; - is standard input')
    .option('--context <context>', 'of the kubeconfig; else its current one')
    .addOption(kubeconfig())
    .option('-n, --namespace <namespace>', 'where the object is', 'default')
    .option('-c, --contents', 'of a Namespace: what is in it, too')
    .addOption(
      new Option('-s, --skip-api-resources <kinds>', 'kinds or groups to leave out of --contents')
        .argParser(names)
        .default([], 'none'),
    )
    .option('--secrets', 'Secrets too, with their values')
    .addOption(
      new Option('--to <form>', 'an App with a Placement, or a Federated object for each')
        .choices(['native', 'kubefed'])
        .default('native'),
    )
    .option('-t, --enable-type', 'with `--to kubefed`: FederatedTypeConfigs of kinds that KubeFed does not know')
    .option('--name <name>', "of the App; else as the object, or the file's first")
    .addOption(output())
    .action(async (type, name, { skipApiResources, ...options }) =>
      end(
        await (await import('./command/federate.ts')).federate(
          type,
          name,
          { ...options, skipAPIResources: skipApiResources },
          around,
        ),
      ),
    );

  add(
    program,
    'import',
    'what runs on a cluster, as manifests in a folder; then what they would change there: nothing',
    'landfall import --context eu-1 --namespace shop',
  )
    .option('--context <context>', 'of the kubeconfig: the cluster to look at')
    .addOption(kubeconfig())
    .option('--cluster <name>', 'what the fleet calls it; else as the inventory does, else as the context')
    .addOption(
      new Option('--namespace <names>', 'these alone, with commas; else all but kube-*')
        .argParser(names)
        .default([], 'all'),
    )
    .option('--selector <selector>', 'objects with these labels alone')
    .addOption(
      new Option('--kinds <kinds>', 'these alone, with commas; else all that people write')
        .argParser(names)
        .default([], 'all'),
    )
    .option('--secrets', 'Secrets too, with their values, for whoever can read the repository')
    .option(
      '--argocd [path]',
      "Argo CD's Applications, ApplicationSets and cluster Secrets: of a file or folder, else of the context",
    )
    .option('--flux [path]', "Flux's Kustomizations, HelmReleases and sources, likewise")
    .addOption(
      new Option('--repository <urls>', 'other addresses of the repository of --dir, with commas')
        .argParser(urls)
        .default([], 'its remotes'),
    )
    .addOption(new Option('--dir <dir>', 'the folder that the manifests go to').default('.'))
    .option('--force', 'write over files that say something else')
    .option('--no-plan', 'do not ask what the manifests would change')
    .addOption(config())
    .addOption(output())
    .action(async (options) => end(await (await import('./command/import.ts')).importObjects(options, around)));
}

function addClusterCommands(cluster: Command, around: Surroundings, end: End): void {
  add(
    cluster,
    'join',
    "give Landfall an account on a cluster, keep its token, write the Cluster's manifest",
    'landfall cluster join eu-1 --context admin@eu-1 --labels tier=production,region=eu',
  )
    .argument('<name>', 'what the fleet calls it')
    .addOption(context())
    .addOption(kubeconfig())
    .addOption(
      new Option('--labels <key=value,…>', 'of the Cluster; those that are there stay')
        .argParser(labels)
        .default({}, 'none'),
    )
    .addOption(dir())
    .addOption(secret())
    .addOption(hubContext())
    .addOption(
      new Option('--rights <rights>', 'what Landfall may do there: see config/deploy/member')
        .choices(rights)
        .default('single'),
    )
    .option('--server <url>', "as Landfall reaches it; else as the kubeconfig's context does")
    .addOption(
      new Option('--token-duration <duration>', 'how long its token holds; the cluster may allow less')
        .argParser(hours)
        .default(2_160 * 3_600_000, '2160h'),
    )
    .option('--dry-run', 'show what would be done; write nothing anywhere')
    .addOption(config())
    .addOption(output())
    .action(async (name, options) =>
      end(await (await import('./command/cluster-join.ts')).clusterJoin(name, options, around)),
    );

  add(
    cluster,
    'unjoin',
    "take away Landfall's account and token; what runs there stays",
    'landfall cluster unjoin eu-1 --context admin@eu-1',
  )
    .argument('<name>', 'what the fleet calls it')
    .addOption(context())
    .addOption(kubeconfig())
    .addOption(dir())
    .addOption(secret())
    .addOption(hubContext())
    .option('--force', 'also while its manifest is Active, and when it does not answer')
    .addOption(config())
    .addOption(output())
    .action(async (name, options) =>
      end(await (await import('./command/cluster-unjoin.ts')).clusterUnjoin(name, options, around)),
    );

  add(cluster, 'list', 'every cluster of the inventory, and how it is', 'landfall cluster list -o json')
    .addOption(config())
    .addOption(output())
    .action(async (options) => end(await (await import('./command/cluster-list.ts')).clusterList(options, around)));
}

const context = (): Option =>
  new Option('--context <context>', 'of the kubeconfig: somebody who may make roles there').makeOptionMandatory();

const kubeconfig = (): Option => new Option('--kubeconfig <file>', 'else what KUBECONFIG names, else ~/.kube/config');

const dir = (): Option =>
  new Option('--dir <dir>', 'the folder of manifests: clusters/<name>.yaml goes below it').default('.');

const hubContext = (): Option =>
  new Option('--hub-context <context>', 'the hub by a context of the same kubeconfig; else as the settings say');

const secret = (): Option =>
  new Option(
    '--secret <namespace/name>',
    "where its token is kept on the hub; else named as the cluster, in the hub's namespace; without a hub a file",
  );

const output = (): Option =>
  new Option('-o, --output <format>', 'for people or for programs').choices(formats).default('human');

const config = (): Option =>
  new Option('--config <file>', 'the settings; else landfall.yaml here, else the repository of this folder alone');

const urls = (text: string): readonly string[] => text.split(',').filter((url) => url !== '');

const names = (text: string): readonly string[] => {
  const all = text.split(',').filter((name) => name !== '');
  if (all.length > 0 && all.every((name) => /^[A-Za-z0-9.-]+$/.test(name))) return all;
  throw new InvalidArgumentError('Must be a name, and more with commas between them.');
};

function labels(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').map((pair) => {
    const [key = '', value = '', ...rest] = pair.split('=');
    if (!/^[A-Za-z0-9./_-]+$/.test(key) || !/^[A-Za-z0-9._-]*$/.test(value) || rest.length > 0 || !pair.includes('='))
      throw new InvalidArgumentError('Must be key=value, and more with commas between them.');
    return [key, value] as const;
  });
  return Object.fromEntries(pairs);
}

/** In milliseconds. Kubernetes takes no token of less than ten minutes. */
function hours(text: string): number {
  const [, count, unit] = /^([0-9]{1,6})(m|h|d)$/.exec(text) ?? [];
  const ms = Number(count) * ({ m: 60_000, h: 3_600_000, d: 86_400_000 }[unit ?? ''] ?? Number.NaN);
  if (ms >= 600_000) return ms;
  throw new InvalidArgumentError('Must be a duration of ten minutes or more, such as 24h or 90d.');
}
