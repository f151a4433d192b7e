/** One kube-apiserver: its certificate, its users, its life and its audit log. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Api, connect } from '../conform/client.ts';
import { type Kubectl, kubectlFor } from '../conform/run-kubectl.ts';
import type { Assets } from './assets.ts';
import { type AuditedRequest, type AuditMark, auditPolicy, markOf, requestsSince } from './audit-log.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { type ServerProcess, startServer } from './process.ts';
import { untilReady } from './readiness.ts';

export type User = { readonly name: string; readonly groups: readonly string[] };
/** May do everything. */
export const admin: User = { name: 'admin', groups: ['system:masters'] };
/** May do what a test grants and nothing else: who Landfall is where least privilege is tested. */
export const landfall: User = { name: 'landfall', groups: [] };
/** May do nothing. */
export const stranger: User = { name: 'stranger', groups: [] };
const controllers: User = { name: 'system:kube-controller-manager', groups: ['system:masters'] };

export type ApiServerSettings = {
  readonly name: string;
  /** For everything that this server writes. */
  readonly folder: string;
  readonly port: number;
  readonly etcdOrigin: string;
  /** PEM, of the issuer of service account tokens. */
  readonly accountKeyPath: string;
  readonly users: readonly User[];
  /** Off where no controller manager runs: nobody would make the accounts that pods must have. */
  readonly needsAccounts: boolean;
  readonly isAudited: boolean;
};

export type ApiServer = {
  readonly name: string;
  readonly folder: string;
  /** `https://127.0.0.1:<port>`, the same over stop and start. */
  readonly origin: string;
  /** PEM. */
  readonly ca: () => string;
  /** As `admin`. */
  readonly api: () => Api & Disposable;
  readonly tokenFor: (user: User) => string;
  /** The path of a kubeconfig with everything in it; as `admin` unless said. */
  readonly kubeconfig: (user?: User) => string;
  /** As `admin`. */
  readonly kubectl: Kubectl;
  /** For `requestsSince`; only where audited. */
  readonly mark: () => AuditMark;
  /** Every request since, by whoever, in order. */
  readonly requestsSince: (mark: AuditMark) => readonly AuditedRequest[];
  /** Resolves when it answers that it is ready. */
  readonly start: () => Promise<void>;
  /** A cluster that is lost: connections are cut, and then refused. */
  readonly stop: () => Promise<void>;
  /** A cluster behind a black hole: connections open and nothing answers. */
  readonly pause: () => void;
  readonly resume: () => void;
  readonly pid: () => number;
};

export const controllerUser = controllers;

export function apiServer(assets: Assets, settings: ApiServerSettings): ApiServer {
  const { name, folder, port } = settings;
  mkdirSync(folder, { recursive: true });
  const inFolder = (file: string): string => join(folder, file);
  const origin = `https://127.0.0.1:${port}`;
  const tokenFor = (user: User): string => `token-of-${user.name}`;
  const everyone = [admin, landfall, stranger, controllers, ...settings.users];
  const tokens = everyone.map((user) => `${tokenFor(user)},${user.name},${user.name},"${user.groups.join(',')}"\n`);
  writeFileSync(inFolder('tokens.csv'), tokens.join(''), { mode: 0o600 });
  writeFileSync(inFolder('audit-policy.json'), JSON.stringify(auditPolicy));
  writeFileSync(inFolder('audit.log'), '');

  const ca = (): string => readFileSync(inFolder('certificates/apiserver.crt'), 'utf8');
  const api = (): Api & Disposable => connect({ name, origin, token: tokenFor(admin), ca: ca() });
  const kubeconfig = (user: User = admin): string => {
    const path = inFolder(`kubeconfig-${user.name.replaceAll(':', '-')}`);
    return writeKubeconfig(path, { name, origin, ca: ca(), user: user.name, token: tokenFor(user) });
  };
  let server: ServerProcess | undefined;
  const running = (): ServerProcess => {
    if (server === undefined) throw new Error(`${name} is not running`);
    return server;
  };

  return {
    name,
    folder,
    origin,
    ca,
    api,
    tokenFor,
    kubeconfig,
    kubectl: (args, options) => {
      if (assets.kubectl === undefined) throw new Error('no kubectl among the assets');
      return kubectlFor(assets.kubectl, kubeconfig(), folder)(args, options);
    },
    mark: () => markOf(inFolder('audit.log')),
    requestsSince: (mark) => requestsSince(inFolder('audit.log'), mark),
    start: async () => {
      const started = startServer(assets.apiServer, flags(settings), inFolder('kube-apiserver.log'));
      server = started;
      await untilReady(name, started, async () => {
        using client = api();
        return (await client.get('/readyz')).status === 200;
      });
    },
    stop: async () => server?.stop(),
    pause: () => running().pause(),
    resume: () => running().resume(),
    pid: () => running().pid,
  };
}

function flags({
  name,
  folder,
  port,
  etcdOrigin,
  accountKeyPath,
  needsAccounts,
  isAudited,
}: ApiServerSettings): readonly string[] {
  const audit = [
    `--audit-policy-file=${join(folder, 'audit-policy.json')}`,
    `--audit-log-path=${join(folder, 'audit.log')}`,
    // Written before the answer ends, so that a test that has its answer can count.
    '--audit-log-mode=blocking',
  ];
  return [
    `--etcd-servers=${etcdOrigin}`,
    `--etcd-prefix=/${name}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.0.0.0/16',
    // It signs its own certificate here, which is its own authority too.
    `--cert-dir=${join(folder, 'certificates')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${accountKeyPath}`,
    `--service-account-signing-key-file=${accountKeyPath}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--profiling=false',
    ...(needsAccounts ? [] : ['--disable-admission-plugins=ServiceAccount']),
    ...(isAudited ? audit : []),
  ];
}
