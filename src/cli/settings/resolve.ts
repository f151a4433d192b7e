/** From what the settings file says to what commands work with: absolute paths, defaults that depend on others. */
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ForgeAuth } from '../../edge/forge/credential.ts';
import { forgePlace } from '../../edge/forge/place.ts';
import type { ServerSettings } from '../../server/server.ts';
import { isHome, pathFrom } from './path.ts';
import type { SettingsFile } from './schema.ts';
import {
  type DashboardChoice,
  type ExecProvider,
  type ForgeChoice,
  frozen,
  type HubChoice,
  type Limits,
  type RepositoryAuth,
  type RepositoryChoice,
  type Settings,
  type ToolChoice,
} from './settings.ts';

/** `folder`: where relative paths start. */
export function resolveSettings(file: SettingsFile, path: string | undefined, folder: string): Settings {
  const from = (text: string): string => pathFrom(folder, text);
  return frozen({
    file: path,
    installation: file.installation,
    stateDir: from(file.stateDir),
    repositories: file.repositories.map((repository) => choiceOf(repository, from)),
    hub: file.hub === undefined ? undefined : hubOf(file.hub, from),
    clusterFiles: { base: folder, folder: optional(file.kubeconfigDir, from) },
    execProviders: file.execProviders.map((provider) => providerOf(provider, from)),
    limits: limitsOf(file.limits),
    surveyMs: file.survey,
    auditMs: file.audit,
    copyScope: file.copies.availableScope,
    checkURLs: file.checks.allow,
    tools: toolsOf(file.tools, from),
    identityFile: optional(file.sops.identityFile, from),
    server: listenOf(file.server.listen),
    publicURL: file.server.publicURL?.replace(/\/+$/, ''),
    webhookSecretFiles: file.webhooks.secretFiles.map(from),
    dashboard: dashboardOf(file.dashboard, from),
    logLevel: file.log.level,
  });
}

type From = (text: string) => string;

const optional = (text: string | undefined, from: From): string | undefined =>
  text === undefined ? undefined : from(text);

const defaultPollMs = 60_000;

function choiceOf(repository: SettingsFile['repositories'][number], from: From): RepositoryChoice {
  const { name, url, branch, role, path, plain, pollInterval, schedule, timeZone, timeout, proxyURL, statuses } =
    repository;
  return {
    name,
    url,
    address: addressOf(url, from),
    branch,
    // Of several each says its role; the schema holds that.
    role: role ?? 'single',
    root: path
      .split('/')
      .filter((step) => step !== '' && step !== '.')
      .join('/'),
    isPlain: plain,
    schedule:
      schedule === undefined
        ? { kind: 'interval', everyMs: pollInterval ?? defaultPollMs }
        : { kind: 'cron', expression: schedule, timeZone },
    timeoutMs: timeout,
    transport: repository.transport === 'native' ? 'native' : 'isomorphic',
    statuses,
    forge: forgeOf(repository, from),
    pullRequests: repository.pullRequests,
    receivers: repository.sinks.map(({ webhook: { url: receiver, secretFile, caFile } }) => ({
      url: receiver,
      secretFile: from(secretFile),
      caFile: optional(caFile, from),
    })),
    auth: authOf(repository.auth, from),
    caFile: optional(repository.caFile, from),
    proxyURL,
  };
}

/** A path starts at the settings file, whatever folder the command runs in. */
function addressOf(url: string, from: From): string {
  if (url.startsWith('file://')) return fileURLToPath(url);
  return url.startsWith('.') || isHome(url) || isAbsolute(url) ? from(url) : url;
}

function authOf(auth: SettingsFile['repositories'][number]['auth'], from: From): RepositoryAuth {
  if (auth?.tokenFile !== undefined) return { kind: 'token', tokenFile: from(auth.tokenFile) };
  if (auth?.forgeApp === true) return { kind: 'app' };
  if (auth?.passwordFile !== undefined && auth.usernameFile !== undefined)
    return { kind: 'password', usernameFile: from(auth.usernameFile), passwordFile: from(auth.passwordFile) };
  if (auth?.sshKeyFile !== undefined && auth.knownHostsFile !== undefined)
    return { kind: 'ssh', keyFile: from(auth.sshKeyFile), knownHostsFile: from(auth.knownHostsFile) };
  return { kind: 'none' };
}

function forgeOf({ url, forge, caFile }: SettingsFile['repositories'][number], from: From): ForgeChoice | undefined {
  if (forge === undefined) return undefined;
  // The schema holds that there is one.
  const place = forgePlace(forge.kind, url, forge);
  if (place === undefined) return undefined;
  const auth = forgeAuthOf(forge, from);
  // So does it that there is one of them.
  if (auth === undefined) return undefined;
  return { ...place, kind: forge.kind, auth, caFile: optional(forge.caFile ?? caFile, from) };
}

type ForgeFile = NonNullable<SettingsFile['repositories'][number]['forge']>;

function forgeAuthOf({ tokenFile, usernameFile, passwordFile, app }: ForgeFile, from: From): ForgeAuth | undefined {
  if (tokenFile !== undefined) return { kind: 'token', tokenFile: from(tokenFile) };
  if (usernameFile !== undefined && passwordFile !== undefined)
    return { kind: 'password', usernameFile: from(usernameFile), passwordFile: from(passwordFile) };
  return app && { ...app, kind: 'app', privateKeyFile: from(app.privateKeyFile) };
}

function hubOf({ file, context, namespace }: NonNullable<SettingsFile['hub']>, from: From): HubChoice {
  return {
    access: file === undefined ? { kind: 'inCluster' } : { kind: 'file', path: from(file), context },
    namespace,
  };
}

function providerOf(provider: SettingsFile['execProviders'][number], from: From): ExecProvider {
  const { command, caFile, ...rest } = provider;
  // As kubectl: what holds a slash is a path, what holds none is looked for in PATH.
  return { ...rest, command: command.includes('/') ? from(command) : command, caFile: optional(caFile, from) };
}

const limitsOf = ({ cellTimeout, retryMin, retryMax, leaseDuration, ...rest }: SettingsFile['limits']): Limits => ({
  ...rest,
  cellTimeoutMs: cellTimeout,
  retryMinMs: retryMin,
  retryMaxMs: retryMax,
  leaseMs: leaseDuration,
});

const toolsOf = (
  { helm, kustomize, timeout, memory, network, hosts, caFile }: SettingsFile['tools'],
  from: From,
): ToolChoice => ({
  helm: optional(helm, from),
  kustomize: optional(kustomize, from),
  timeoutMs: timeout,
  memoryBytesMax: memory,
  hosts: network ? hosts : [],
  caFile: optional(caFile, from),
});

function dashboardOf({ tokenFile, sessionKeyFile, oidc }: SettingsFile['dashboard'], from: From): DashboardChoice {
  return {
    tokenFile: optional(tokenFile, from),
    sessionKeyFile: optional(sessionKeyFile, from),
    oidc: oidc && {
      issuer: oidc.issuer,
      clientID: oidc.clientID,
      clientSecretFile: optional(oidc.clientSecretFile, from),
      scopes: oidc.scopes,
      rules: { ...oidc.allow, groupsClaim: oidc.groupsClaim },
      sessionLifeMs: oidc.sessionLife,
      caFile: optional(oidc.caFile, from),
      proxyURL: oidc.proxyURL,
    },
  };
}

function listenOf(listen: string): ServerSettings {
  const colon = listen.lastIndexOf(':');
  return { host: listen.slice(0, colon).replaceAll(/[[\]]/g, ''), port: Number(listen.slice(colon + 1)) };
}

/** Where state goes when no settings file says so: never into the user's repository. */
export function userStateFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const home = environment.HOME ?? environment.USERPROFILE ?? '/tmp';
  return join(environment.XDG_STATE_HOME || join(home, '.local', 'state'), 'landfall');
}
