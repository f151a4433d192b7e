/** Kubeconfigs: one context of one file, and what a kubeconfig that nobody vouches for may not hold. */
import {
  type Cluster,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from '@kubernetes/client-node/dist/config_types.js';
import { at, isArray, isObject, type JsonObject, textOf, withFields } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { ImpersonatedUser } from './identity.ts';
import { textsOf } from './lists.ts';

/**
 * `operator`: a file that the operator's settings name; it may run programs and read files of this machine.
 * `data`: the text of a Secret or of a file in Git; whoever can write there must not reach into this machine.
 */
export type Trust = 'operator' | 'data';

export type KubeconfigText = {
  readonly text: string;
  /** For messages: a path, or `Secret landfall-system/eu-1`. */
  readonly name: string;
  /** Undefined: the current one. */
  readonly context?: string | undefined;
  readonly trust: Trust;
};

/** One context, resolved. */
export type Kubeconfig = {
  readonly cluster: Cluster;
  readonly user: User;
  /** The real name of the field is `tokenFile`; client-node reads another. */
  readonly tokenFile: string | undefined;
  readonly impersonated: ImpersonatedUser | undefined;
};

const bytesMax: Readonly<Record<Trust, number>> = { operator: 16 * 1024 * 1024, data: 512 * 1024 };

/** Errors: misconfigured. No message quotes the text: it holds keys. */
export async function readKubeconfig(source: KubeconfigText): Promise<Kubeconfig> {
  const { name, trust } = source;
  const config = await parse(source);
  const contextName = source.context ?? textOf(config['current-context']) ?? '';
  if (contextName === '') throw wrong(name, 'names no current context, and none was asked for');
  const context = entry(config, 'contexts', contextName, name);
  const clusterName = textOf(at(context, 'context', 'cluster')) ?? '';
  const userName = textOf(at(context, 'context', 'user')) ?? '';
  const rawCluster = entry(config, 'clusters', clusterName, name);
  // A context without a user is fine: the server may know us by nothing.
  const rawUser = userName === '' ? { name: 'anonymous', user: {} } : entry(config, 'users', userName, name);
  if (trust === 'data') refuseReach(rawCluster, rawUser, name);
  const read = typed(context, rawCluster, rawUser, name);
  if (trust === 'data' && isInTheClear(read.cluster.server)) {
    throw wrong(name, 'names a server by http://, which would send its token in the clear');
  }
  return { ...read, ...ownReading(rawUser, name) };
}

const wrong = (name: string, what: string): FaultError =>
  new FaultError({ kind: 'misconfigured', detail: `kubeconfig ${name} ${what}` });

async function parse({ text, name, trust }: KubeconfigText): Promise<JsonObject> {
  if (text.length > bytesMax[trust]) throw wrong(name, `is larger than ${bytesMax[trust]} bytes`);
  if (trust === 'data' && isTooDeep(text)) throw wrong(name, 'is nested too deeply to be one');
  // Loaded when needed: a controller whose clusters are all reached in other ways never does.
  const { parse: parseYAML } = await import('yaml');
  let value: unknown;
  try {
    value = parseYAML(text, { maxAliasCount: 100, prettyErrors: false });
  } catch {
    throw wrong(name, 'is not YAML');
  }
  if (isObject(value)) return value;
  throw wrong(name, 'is empty or no mapping');
}

/** A parser's stack is finite. Real kubeconfigs are six levels deep, and few of them use brackets at all. */
function isTooDeep(text: string): boolean {
  const brackets = text.match(/[[{]/g)?.length ?? 0;
  return brackets > 1_000 || /^[ \t?-]{120}/m.test(text);
}

function entry(config: JsonObject, list: 'contexts' | 'clusters' | 'users', wanted: string, name: string): JsonObject {
  const entries = config[list];
  const found = isArray(entries) ? entries.find((one) => at(one, 'name') === wanted) : undefined;
  if (isObject(found)) return found;
  throw wrong(name, `has no ${list.slice(0, -1)} named ${JSON.stringify(wanted)}`);
}

/** Whatever makes this machine run, read or trust something. */
function refuseReach(cluster: JsonObject, user: JsonObject, name: string): void {
  const reaching = [
    ...['certificate-authority', 'proxy-url'].filter((field) => at(cluster, 'cluster', field) !== undefined),
    ...(at(cluster, 'cluster', 'insecure-skip-tls-verify') === true ? ['insecure-skip-tls-verify'] : []),
    ...['exec', 'auth-provider', 'tokenFile', 'token-file', 'client-certificate', 'client-key'].filter(
      (field) => at(user, 'user', field) !== undefined,
    ),
  ];
  if (reaching.length === 0) return;
  throw wrong(name, `uses ${reaching.join(', ')}, which is allowed only in files that Landfall's settings name`);
}

/** client-node's reading, of these entries alone: a broken entry for another cluster is none of our business. */
function typed(
  context: JsonObject,
  cluster: JsonObject,
  user: JsonObject,
  name: string,
): Pick<Kubeconfig, 'cluster' | 'user'> {
  // client-node would read this file at once, whoever wrote the kubeconfig.
  const safeUser = withFields(user, { user: withFields(objectIn(user, 'user'), { 'token-file': undefined }) });
  let read: { readonly cluster: Cluster | undefined; readonly user: User | undefined };
  try {
    newContexts([context]);
    read = { cluster: newClusters([cluster])[0], user: newUsers([safeUser])[0] };
  } catch {
    throw wrong(name, 'has a context, cluster or user without the fields that it needs');
  }
  const fields: readonly unknown[] = [
    ...Object.values(read.cluster ?? {}),
    read.user?.token,
    read.user?.certData,
    read.user?.keyData,
    read.user?.certFile,
    read.user?.keyFile,
    read.user?.username,
    read.user?.password,
  ];
  const isText = fields.every(
    (field) => field === undefined || field === null || typeof field === 'string' || typeof field === 'boolean',
  );
  if (read.cluster !== undefined && read.user !== undefined && isText && URL.canParse(read.cluster.server)) {
    return { cluster: read.cluster, user: read.user };
  }
  throw wrong(name, 'has a field of another type than it should, or a server that is no URL');
}

/** Without TLS only to this machine, as to a sandbox. */
function isInTheClear(server: string): boolean {
  const { protocol, hostname } = new URL(server);
  return protocol !== 'https:' && !['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}

const objectIn = (value: JsonObject, field: string): JsonObject => {
  const found = value[field];
  return isObject(found) ? found : {};
};

function ownReading(raw: JsonObject, name: string): Pick<Kubeconfig, 'tokenFile' | 'impersonated'> {
  const user = objectIn(raw, 'user');
  const tokenFile = textOf(user.tokenFile ?? user['token-file']);
  const as = textOf(user.as);
  const groups = textsOf(user['as-groups']);
  const uid = textOf(user['as-uid']);
  const extra = Object.entries(objectIn(user, 'as-user-extra')).map(([key, values]) => [key, textsOf(values)] as const);
  if (as === undefined || as === '') {
    if (groups.length > 0 || uid !== undefined || extra.length > 0)
      throw wrong(name, 'impersonates groups without a user');
    return { tokenFile, impersonated: undefined };
  }
  const more = { groups, extra: new Map(extra), ...(uid === undefined ? {} : { uid }) };
  return { tokenFile, impersonated: new ImpersonatedUser(as, more) };
}
