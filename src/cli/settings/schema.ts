/** The settings file: one schema, from which reading it, its defaults and its documentation are made. */
import { validate } from 'node-cron';
import { z } from 'zod';
import { exactlyOneOf, Name } from '../../core/dialect/native/field.ts';
import { forgePlace } from '../../edge/forge/place.ts';
import { logLevels } from '../../edge/log/log.ts';
import { Checks } from './checks-schema.ts';
import { Count, DurationWithin, Host, Installation, Memory, Path, ProxyURL, together } from './field.ts';
import { Forge } from './forge-schema.ts';
import { PullRequestPlans } from './pull-request-schema.ts';
import { Dashboard, Server, Webhooks } from './server-schema.ts';
import { Sinks } from './sink-schema.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const Auth = exactlyOneOf(
  z.strictObject({
    tokenFile: Path.optional().describe('A file with a token, sent as the password of any user.'),
    usernameFile: Path.optional().describe('A file with the user name; goes with `passwordFile`.'),
    passwordFile: Path.optional().describe('A file with the password; goes with `usernameFile`.'),
    sshKeyFile: Path.optional().describe('A private key without passphrase.'),
    knownHostsFile: Path.optional().describe("The server's keys; one that is not listed is not spoken to."),
    forgeApp: z.literal(true).optional().describe("The token that the `forge`'s App is given."),
  }),
  'tokenFile',
  'passwordFile',
  'sshKeyFile',
  'forgeApp',
)
  .superRefine(together('passwordFile', 'usernameFile'))
  .superRefine(together('sshKeyFile', 'knownHostsFile'))
  .meta({
    dependencies: {
      usernameFile: ['passwordFile'],
      passwordFile: ['usernameFile'],
      sshKeyFile: ['knownHostsFile'],
      knownHostsFile: ['sshKeyFile'],
    },
  });

export const Repository = z
  .strictObject({
    name: Name.describe('What messages and statuses call it.'),
    url: z
      .string()
      .min(1)
      .describe('https://, http://, ssh://, user@host:path, or a path of this machine, which is read in place.'),
    branch: z.string().min(1).default('main').describe('The branch that is followed.'),
    role: z
      .enum(['single', 'operator', 'tenant'])
      .optional()
      .describe(
        'single: the only repository, may do everything (default of a lone one). operator: declares clusters and tenants, may do everything. tenant: may do what a Tenant grants it.',
      ),
    path: z.string().default('').describe('Only below this folder of the repository; empty for all of it.'),
    plain: z
      .boolean()
      .default(false)
      .describe('Plain Kubernetes manifests that belong to no App: one App for each folder, on every active cluster.'),
    pollInterval: DurationWithin(second, 24 * hour)
      .optional()
      .describe('How often the branch is looked at, from 1s to 24h. Default: 1m, unless there is a `schedule`.'),
    schedule: z
      .string()
      .refine((text) => validate(text), 'must be a cron expression, as `*/5 * * * *`')
      .optional()
      .describe('When the branch is looked at, instead of `pollInterval`: a cron expression of five or six fields.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be an IANA time zone, as `Europe/Berlin`')
      .optional()
      .describe("An IANA time zone for `schedule`. Default: this machine's."),
    timeout: DurationWithin(second, hour)
      .default(3 * minute)
      .describe('One look with all that it fetches and reads, from 1s to 1h.'),
    transport: z
      .enum(['auto', 'isomorphic', 'native'])
      .default('auto')
      .describe("Who speaks to an https server: isomorphic needs no Git installed, native is this machine's `git`."),
    statuses: z
      .enum(['notes', 'none'])
      .default('notes')
      .describe(
        'Where commit statuses are told, beside the `forge`. notes: Git notes under refs/notes/landfall; the credentials must be able to push.',
      ),
    forge: Forge.optional().describe('The forge that is told commit statuses. Default: none.'),
    pullRequests: PullRequestPlans.prefault({}).describe('What is done with pull requests of the `forge`.'),
    sinks: Sinks.default([]).describe('Who else is told each change of a commit status.'),
    auth: Auth.optional().describe(
      "Files with credentials: a token; a user and a password; or an ssh key. Or the forge's App.",
    ),
    caFile: Path.optional().describe("PEM file of the authorities to trust instead of this machine's."),
    proxyURL: ProxyURL.optional().describe('http:// or https:// proxy on the way to the server.'),
  })
  .superRefine(({ pollInterval, schedule, timeZone }, context) => {
    if (pollInterval !== undefined && schedule !== undefined)
      context.addIssue({ code: 'custom', message: 'give `pollInterval` or `schedule`, not both', path: ['schedule'] });
    if (timeZone !== undefined && schedule === undefined)
      context.addIssue({ code: 'custom', message: '`timeZone` needs `schedule`', path: ['timeZone'] });
  })
  .superRefine(({ url, auth, forge }, context) => {
    if (auth?.forgeApp !== true || (forge?.app !== undefined && url.startsWith('https://'))) return;
    const message = 'needs `forge.app`, and an https:// URL';
    context.addIssue({ code: 'custom', message, path: ['auth', 'forgeApp'] });
  })
  .superRefine(({ url, forge }, context) => {
    if (forge === undefined || forgePlace(forge.kind, url, forge) !== undefined) return;
    const message = '`url` does not say which project of which forge it is: give `apiURL` and `project` (`owner/name`)';
    context.addIssue({ code: 'custom', message, path: ['forge'] });
  })
  .meta({ dependencies: { timeZone: ['schedule'] }, not: { required: ['pollInterval', 'schedule'] } });

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

const Hub = exactlyOneOf(
  z.strictObject({
    inCluster: z.literal(true).optional().describe("This very cluster, with the service account of Landfall's pod."),
    file: Path.optional().describe('A kubeconfig file.'),
    context: z.string().min(1).optional().describe('A context of `file`. Default: its current one.'),
    namespace: Name.default('landfall-system').describe('Of Secrets that a Cluster names without a namespace.'),
  }),
  'inCluster',
  'file',
)
  .superRefine(({ context: name, file }, context) => {
    if (name !== undefined && file === undefined)
      context.addIssue({ code: 'custom', message: '`context` needs `file`', path: ['context'] });
  })
  .meta({ dependencies: { context: ['file'] } });

const ExecProvider = z.strictObject({
  name: Name.describe('What `access.exec.provider` of a Cluster names.'),
  server: z
    .string()
    .regex(/^https:\/\//, 'must begin with https://')
    .describe('The API server. May hold ${name}, ${region} and variables of the Cluster.'),
  caFile: Path.optional().describe("PEM file of the authorities to trust instead of this machine's."),
  apiVersion: z
    .enum(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'])
    .default('client.authentication.k8s.io/v1')
    .describe('The version of ExecCredential that the program speaks.'),
  command: z.string().min(1).describe('A path when it holds a slash, else looked for in PATH. No shell.'),
  args: z.array(z.string()).default([]).describe('Arguments, one each.'),
  env: z.record(z.string(), z.string()).default({}).describe('Added to its environment.'),
});

const Limits = z
  .strictObject({
    requestsMax: Count(1, 200).default(16).describe('Requests in flight to one cluster, watches apart; from 1 to 200.'),
    writesMax: Count(1, 64).default(8).describe('Writes of one cell under way at a time; from 1 to 64.'),
    cellsMax: Count(1, 64).default(4).describe('Cells of one cluster under way at a time; from 1 to 64.'),
    cellTimeout: DurationWithin(second, hour)
      .default(2 * minute)
      .describe('One run over one cell (one App on one cluster), from 1s to 1h.'),
    retryMin: DurationWithin(100, hour)
      .default(second)
      .describe('A cell that failed is tried again after this, doubled each time; from 100ms to 1h.'),
    retryMax: DurationWithin(second, 24 * hour)
      .default(5 * minute)
      .describe('The longest pause between two tries of a cell, from 1s to 1d.'),
    leaseDuration: DurationWithin(6 * second, 10 * minute)
      .default(30 * second)
      .describe('How long a Landfall that vanished keeps others of its installation from writing, from 6s to 10m.'),
  })
  .superRefine(({ retryMin, retryMax }, context) => {
    if (retryMin > retryMax)
      context.addIssue({ code: 'custom', message: 'must not be above `retryMax`', path: ['retryMin'] });
  });

const Tools = z
  .strictObject({
    helm: Path.optional().describe('The Helm that renders charts. Default: `helm` in PATH.'),
    kustomize: Path.optional().describe('The Kustomize that builds kustomizations. Default: `kustomize` in PATH.'),
    timeout: DurationWithin(second, hour).default(minute).describe('One run, from 1s to 1h.'),
    memory: Memory(128 * 2 ** 20, 64 * 2 ** 30)
      .prefault('1Gi')
      .describe('What one run may take, from 128Mi to 64Gi.'),
    network: z
      .boolean()
      .default(false)
      .describe('May charts and bases be fetched from `hosts`? Never for the repositories of tenants.'),
    hosts: z.array(Host).default([]).describe('Hosts that charts and bases may be fetched from.'),
    caFile: Path.optional().describe("PEM file of the authorities that vouch for `hosts`. Default: the machine's."),
  })
  .superRefine(({ network, hosts }, context) => {
    if (network && hosts.length === 0)
      context.addIssue({ code: 'custom', message: 'needs at least one of `hosts`', path: ['network'] });
  })
  .meta({
    if: { properties: { network: { const: true } }, required: ['network'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { properties: { hosts: { minItems: 1 } }, required: ['hosts'] },
  });

export const SettingsFile = z
  .strictObject({
    installation: Installation.default('default').describe(
      'Which Landfall this is: part of field managers, labels and names of records. Never change it later.',
    ),
    stateDir: Path.default('.landfall').describe('A folder for caches; it may be lost.'),
    repositories: z
      .array(Repository)
      .default([])
      .describe('The Git repositories that say what should be; at least one.'),
    hub: Hub.optional().describe('The cluster with the Secrets that hold kubeconfigs, and what copies call `hub`.'),
    kubeconfigDir: Path.optional().describe('The folder that kubeconfig files named by Clusters must be in.'),
    execProviders: z
      .array(ExecProvider)
      .default([])
      .describe('Programs that get credentials for clusters; Git can choose among them and add none.'),
    limits: Limits.prefault({}).describe('What one cluster is asked at the same time, and how patient Landfall is.'),
    survey: DurationWithin(0, hour)
      .default(30 * second)
      .describe('After a start, how long deletions wait for clusters that have not been read yet; from 0s to 1h.'),
    audit: DurationWithin(minute, 30 * 24 * hour)
      .default(24 * hour)
      .describe('Every object is read again once in this time, from 1m to 30d.'),
    copies: z
      .strictObject({
        availableScope: z
          .enum(['global', 'cluster', 'namespace'])
          .default('global')
          .describe(
            "global: any cluster. cluster: the hub only. namespace: the hub, and there the App's own namespace.",
          ),
      })
      .prefault({})
      .describe('Where objects may be copied from.'),
    checks: Checks,
    tools: Tools.prefault({}).describe('Helm and Kustomize: where they are, and what they may take.'),
    sops: z
      .strictObject({
        identityFile: Path.optional().describe('A file with age identities, as `age-keygen` writes it.'),
      })
      .prefault({})
      .describe('Manifests that SOPS has encrypted for age recipients are decrypted in memory.'),
    server: Server.prefault({}).describe("Landfall's own HTTP server."),
    webhooks: Webhooks.prefault({}).describe('POST /webhooks/<forge> brings the next look at a repository forward.'),
    dashboard: Dashboard.prefault({}).describe('Pages that show the fleet, read-only.'),
    log: z
      .strictObject({ level: z.enum(logLevels).default('info').describe('How much is said.') })
      .prefault({})
      .describe('One JSON object a line, to standard error.'),
  })
  .superRefine(({ repositories }, context) => {
    unique(
      repositories.map(({ name }) => name),
      'repositories',
      context,
    );
    rolesOf(repositories, context);
  })
  .superRefine(({ execProviders }, context) =>
    unique(
      execProviders.map(({ name }) => name),
      'execProviders',
      context,
    ),
  )
  .superRefine(({ server, dashboard }, context) => {
    if (dashboard.oidc === undefined || server.publicURL !== undefined) return;
    const message = 'needs `server.publicURL`: the provider sends people back there';
    context.addIssue({ code: 'custom', message, path: ['dashboard', 'oidc'] });
  })
  .meta({ title: 'Settings', description: 'The settings of Landfall.' });
export type SettingsFile = z.output<typeof SettingsFile>;

function unique(names: readonly string[], list: string, context: z.RefinementCtx): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    context.addIssue({ code: 'custom', message: `there is another one named ${name}`, path: [list, index, 'name'] });
  }
}

/** One repository is everything at once; of several, each says what it is, and somebody must have the clusters. */
function rolesOf(repositories: SettingsFile['repositories'], context: z.RefinementCtx): void {
  const report = (index: number, message: string): void =>
    context.addIssue({ code: 'custom', message, path: ['repositories', index, 'role'] });
  if (repositories.length === 1) {
    if (repositories[0]?.role === 'tenant')
      report(0, 'the only repository must be `single` or `operator`: nobody else could declare clusters');
    return;
  }
  for (const [index, { role }] of repositories.entries()) {
    if (role === undefined) report(index, 'of several repositories each says its `role`: operator or tenant');
    if (role === 'single') report(index, '`single` is for the only repository: say operator or tenant');
  }
  if (repositories.length > 0 && !repositories.some(({ role }) => role === 'operator' || role === undefined))
    report(0, 'one repository must be `operator`: it declares clusters and tenants');
}
