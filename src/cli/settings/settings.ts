/** What a command is told: the settings file, the environment and the flags, put together and frozen. */
import type { CopyScope } from '../../core/grant/grant.ts';
import type { ForgeAuth } from '../../edge/forge/credential.ts';
import type { ForgeKind, ForgePlace } from '../../edge/forge/place.ts';
import type { LogLevel } from '../../edge/log/log.ts';
import type { Schedule } from '../../engine/source/schedule.ts';
import type { GateSettings } from '../../server/access/gates.ts';
import type { ServerSettings } from '../../server/server.ts';

/** All paths are absolute, all durations in milliseconds. */
export type Settings = {
  /** The settings file, for messages; undefined when the repository of the current folder is all there is. */
  readonly file: string | undefined;
  readonly installation: string;
  readonly stateDir: string;
  readonly repositories: readonly RepositoryChoice[];
  readonly hub: HubChoice | undefined;
  readonly clusterFiles: ClusterFiles;
  readonly execProviders: readonly ExecProvider[];
  readonly limits: Limits;
  /** How long deletions wait for clusters that have not been read since the start. */
  readonly surveyMs: number;
  /** Every object is read again once in this time. */
  readonly auditMs: number;
  readonly copyScope: CopyScope;
  /** What gates may ask, and all below. */
  readonly checkURLs: readonly string[];
  readonly tools: ToolChoice;
  /** What decrypts what SOPS has encrypted; undefined: nothing does. */
  readonly identityFile: string | undefined;
  readonly server: ServerSettings;
  /** Where people reach our pages, without a slash at the end; undefined: nothing links to them. */
  readonly publicURL: string | undefined;
  /** What forges sign webhooks with; none: nobody may send any. */
  readonly webhookSecretFiles: readonly string[];
  readonly dashboard: DashboardChoice;
  readonly logLevel: LogLevel;
};

/** Who may look at the dashboard. Without any way in: whoever is on this machine, when nobody else can ask. */
export type DashboardChoice = {
  readonly tokenFile: string | undefined;
  /** What cookies are sealed with; undefined: a key of this process alone. */
  readonly sessionKeyFile: string | undefined;
  readonly oidc: OidcChoice | undefined;
};

/** An OpenID provider that vouches for people. */
export type OidcChoice = Omit<NonNullable<GateSettings['provider']>, 'redirectURL'>;

export type RepositoryRole = 'single' | 'operator' | 'tenant';

export type RepositoryChoice = {
  readonly name: string;
  /** As written: what Tenants name. */
  readonly url: string;
  /** As it is opened: a path is absolute. */
  readonly address: string;
  /** Undefined: the branch that the repository's HEAD names. */
  readonly branch: string | undefined;
  readonly role: RepositoryRole;
  /** Only below this folder; empty: the whole repository. */
  readonly root: string;
  readonly isPlain: boolean;
  readonly schedule: Schedule;
  readonly timeoutMs: number;
  readonly transport: 'isomorphic' | 'native';
  /** Where its commits' statuses are told beside the forge: as Git notes in the repository itself, or nowhere. */
  readonly statuses: 'notes' | 'none';
  /** Told of commits as well. */
  readonly forge: ForgeChoice | undefined;
  /** Which of the forge's pull requests are planned. */
  readonly pullRequests: PullRequestChoice;
  /** Told of each change of a status by an event. */
  readonly receivers: readonly ReceiverChoice[];
  readonly auth: RepositoryAuth;
  readonly caFile: string | undefined;
  readonly proxyURL: string | undefined;
};

export type PullRequestChoice = {
  readonly plan: boolean;
  /** Pins of pinned stages are moved by pull requests. */
  readonly promote: boolean;
  /** Those of foreign copies, too. */
  readonly foreign: boolean;
};

/** Files with secrets, never the secrets. */
export type RepositoryAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly tokenFile: string }
  /** What the forge's App is given. */
  | { readonly kind: 'app' }
  | { readonly kind: 'password'; readonly usernameFile: string; readonly passwordFile: string }
  | { readonly kind: 'ssh'; readonly keyFile: string; readonly knownHostsFile: string };

export type ForgeChoice = ForgePlace & {
  readonly kind: ForgeKind;
  readonly auth: ForgeAuth;
  readonly caFile: string | undefined;
};

export type ReceiverChoice = {
  readonly url: string;
  readonly secretFile: string;
  readonly caFile: string | undefined;
};

export type HubChoice = {
  readonly access:
    | { readonly kind: 'inCluster' }
    | { readonly kind: 'file'; readonly path: string; readonly context: string | undefined };
  /** Of the Secrets that Clusters name without a namespace. */
  readonly namespace: string;
};

/** Which files a Cluster in Git may name as its kubeconfig. */
export type ClusterFiles = {
  /** Where relative paths start. */
  readonly base: string;
  /** The only folder they may be in; undefined: no such limit for a repository of role `single`, no file at all for others. */
  readonly folder: string | undefined;
};

export type ExecProvider = {
  readonly name: string;
  /** May hold `${name}`, `${region}` and the cluster's own variables. */
  readonly server: string;
  readonly caFile: string | undefined;
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

export type Limits = {
  /** Requests in flight to one cluster, watches apart. */
  readonly requestsMax: number;
  /** Writes of one cell under way at a time. */
  readonly writesMax: number;
  /** Cells of one cluster under way at a time. */
  readonly cellsMax: number;
  readonly cellTimeoutMs: number;
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  readonly leaseMs: number;
};

export type ToolChoice = {
  /** Undefined: whatever PATH has. */
  readonly helm: string | undefined;
  readonly kustomize: string | undefined;
  readonly timeoutMs: number;
  readonly memoryBytesMax: number;
  /** Where charts and bases may be fetched from; none: nowhere. */
  readonly hosts: readonly string[];
  /** Undefined: whom this machine trusts. */
  readonly caFile: string | undefined;
};

/** Frozen to the last leaf: nobody changes what others were told. */
export function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part);
  return Object.freeze(value);
}
