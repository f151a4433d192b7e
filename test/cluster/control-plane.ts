/** Real control planes on this machine: one etcd, and as many API servers as a test asks for, on the loopback only. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiServer, apiServer, controllerUser, type User } from './api-server.ts';
import type { Assets, Report } from './assets.ts';
import { startKubelet } from './kubelet.ts';
import { type ServerProcess, startServer } from './process.ts';
import { freePorts, untilReady } from './readiness.ts';

export type ControlPlaneOptions = {
  readonly count: number;
  /** A controller manager and a pretend kubelet for each server: namespaces end, workloads become ready. */
  readonly withControllers: boolean;
  /** Keeps an audit log, which `requestsSince` reads. */
  readonly isAudited: boolean;
  /** More users than admin, landfall and stranger. */
  readonly users?: readonly User[];
  readonly report?: Report;
};

export type ControlPlanes = {
  readonly servers: readonly ApiServer[];
  /** Logs and everything else of them; removed when this process ends well, kept and named when it does not. */
  readonly folder: string;
  /** Whether controllers run; without their program they do not, whatever was asked for. */
  readonly hasControllers: boolean;
  readonly hasKubectl: boolean;
  /** Ends every process that was started here. */
  readonly stop: () => Promise<void>;
};

/** Only what a test can see the work of; the rest would cost memory and disturb. */
const controllers = [
  'namespace',
  'garbage-collector',
  'deployment',
  'replicaset',
  'statefulset',
  'daemonset',
  'job',
  'cronjob',
  'serviceaccount',
  'serviceaccount-token',
  'endpointslice',
  'endpoints',
  'resourcequota',
  'clusterrole-aggregation',
  'disruption',
  'pod-garbage-collector',
  'ttl-after-finished',
  'persistentvolume-binder',
  'persistentvolume-protection',
  'persistentvolumeclaim-protection',
  'replicationcontroller',
  'validatingadmissionpolicy-status',
];

/** Starts all, side by side. Errors: rejects with the end of a log when one does not come up; nothing is left running then. */
export async function startControlPlanes(assets: Assets, options: ControlPlaneOptions): Promise<ControlPlanes> {
  const { count, isAudited, users = [], report = () => undefined } = options;
  const startedAtMs = performance.now();
  const hasControllers = options.withControllers && assets.controllerManager !== undefined;
  const folder = mkdtempSync(join(tmpdir(), 'landfall-cluster-'));
  process.once('exit', (code) => {
    // A person's Ctrl-C is a good end.
    if (code === 0 || code > 128) rmSync(folder, { recursive: true, force: true });
    else report(`logs of the control planes are in ${folder}`);
  });
  const accountKeyPath = join(folder, 'account.key');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(accountKeyPath, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });

  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    // The reverse of the start: nobody is left to talk to somebody who is gone.
    for (const each of stops.splice(0).toReversed()) await each();
  };
  try {
    const [etcdPort = 0, etcdPeerPort = 0, ...ports] = await freePorts(count + 2);
    const etcdOrigin = `http://127.0.0.1:${etcdPort}`;
    const etcd = startEtcd(assets.etcd, folder, etcdOrigin, `http://127.0.0.1:${etcdPeerPort}`);
    stops.push(() => etcd.stop());
    await untilReady('etcd', etcd, async () => (await fetch(`${etcdOrigin}/health`)).ok);
    await forgetFirstVersions(etcdOrigin);

    const servers = ports.map((port, index) => {
      const name = `cluster-${index + 1}`;
      const settings = {
        name,
        folder: join(folder, name),
        port,
        etcdOrigin,
        accountKeyPath,
        users,
        needsAccounts: hasControllers,
        isAudited,
      };
      return apiServer(assets, settings);
    });
    await inTurn(
      servers.map((server) => async () => {
        stops.push(() => server.stop());
        await server.start();
        report(`${server.name} is ready (${Math.round(performance.now() - startedAtMs)} ms)`);
        if (assets.controllerManager === undefined || !hasControllers) return;
        const manager = startControllerManager(assets.controllerManager, server, accountKeyPath);
        stops.push(() => manager.stop());
        const kubelet = await startKubelet({
          name: server.name,
          origin: server.origin,
          ca: server.ca(),
          token: server.tokenFor(controllerUser),
        });
        stops.push(() => kubelet.stop());
      }),
    );
    return { servers, folder, hasControllers, hasKubectl: assets.kubectl !== undefined, stop };
  } catch (error) {
    await stop();
    throw new Error('the control planes did not start', { cause: error });
  }
}

/** Three at a time: more would only fight for the cores. After a failure nothing more is begun. */
async function inTurn(starts: readonly (() => Promise<void>)[]): Promise<void> {
  const left = [...starts];
  const worker = async (): Promise<void> => {
    for (let start = left.shift(); start !== undefined; start = left.shift()) {
      try {
        await start();
      } catch (error) {
        left.length = 0;
        throw error;
      }
    }
  };
  await Promise.all([worker(), worker(), worker()]);
}

function startEtcd(program: string, folder: string, origin: string, peerOrigin: string): ServerProcess {
  mkdirSync(join(folder, 'etcd'), { recursive: true, mode: 0o700 });
  const flags = [
    `--data-dir=${join(folder, 'etcd')}`,
    // A crash of this machine may lose what a test wrote; it is a test.
    '--unsafe-no-fsync',
    `--listen-client-urls=${origin}`,
    `--advertise-client-urls=${origin}`,
    `--listen-peer-urls=${peerOrigin}`,
    `--initial-advertise-peer-urls=${peerOrigin}`,
    `--initial-cluster=default=${peerOrigin}`,
    '--quota-backend-bytes=8589934592',
    '--log-level=warn',
  ];
  return startServer(program, flags, join(folder, 'etcd.log'));
}

/**
 * Makes versions 1 to 9 ones that were and are forgotten, as they are on any cluster that has lived for a while; on a
 * new one a watch from version 1 would be served.
 */
async function forgetFirstVersions(etcdOrigin: string): Promise<void> {
  const ask = async (path: string, body: Readonly<Record<string, string>>): Promise<void> => {
    const answer = await fetch(`${etcdOrigin}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd answers ${answer.status} to ${path}`);
  };
  const key = Buffer.from('/before').toString('base64');
  for (let version = 2; version <= 12; version += 1) await ask('put', { key, value: '' });
  await ask('compaction', { revision: '10' });
}

function startControllerManager(program: string, server: ApiServer, accountKeyPath: string): ServerProcess {
  const flags = [
    `--kubeconfig=${server.kubeconfig(controllerUser)}`,
    '--leader-elect=false',
    '--secure-port=0',
    `--service-account-private-key-file=${accountKeyPath}`,
    `--root-ca-file=${join(server.folder, 'certificates/apiserver.crt')}`,
    `--controllers=${[...controllers.map((name) => `${name}-controller`), 'root-ca-certificate-publisher-controller'].join(',')}`,
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ];
  return startServer(program, flags, join(server.folder, 'kube-controller-manager.log'));
}
