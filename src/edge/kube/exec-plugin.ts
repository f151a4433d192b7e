/** Runs a credential plugin: a program that prints a token or a certificate. */
import { spawn } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { parseJson } from '../../core/json/text.ts';
import { at, isArray, type Json, textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Clock } from '../../seam/clock.ts';

/** The `exec` section of a kubeconfig's user. */
export type ExecPlugin = {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the plugin is told of the cluster; undefined when it is not to be told. */
  readonly clusterInfo: Json | undefined;
};

export type ExecCredential = {
  readonly token: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Undefined: valid until refused. */
  readonly expiresAtMs: number | undefined;
};

export type Environment = Readonly<Record<string, string | undefined>>;

type Deps = { readonly clock: Clock; readonly environment: Environment };

const timeoutMs = 60_000;
const killAfterMs = 5_000;
const outputBytesMax = 1024 * 1024;

/** Reads an `exec` section; `folder` is the kubeconfig's. Errors: misconfigured. */
export function execPlugin(section: Json, folder: string, name: string, clusterInfo: Json): ExecPlugin {
  const command = textOf(at(section, 'command')) ?? '';
  const apiVersion = textOf(at(section, 'apiVersion')) ?? '';
  if (command === '') throw misconfigured(name, 'has an exec section without a command');
  if (!/^client\.authentication\.k8s\.io\/v1(?:beta1)?$/.test(apiVersion)) {
    throw misconfigured(
      name,
      'has an exec section of an apiVersion that is not v1 or v1beta1 of client.authentication.k8s.io',
    );
  }
  // Nobody sits at a controller.
  if (at(section, 'interactiveMode') === 'Always')
    throw misconfigured(name, 'has an exec section that needs a terminal');
  const args = at(section, 'args');
  const env = at(section, 'env');
  return {
    apiVersion,
    // As kubectl: what holds a slash is a path from the kubeconfig, what holds none is looked for in PATH.
    command: /[/\\]/.test(command) && !isAbsolute(command) ? join(folder, command) : command,
    args: isArray(args) ? args.map(String) : [],
    env: Object.fromEntries(
      isArray(env) ? env.map((one) => [String(at(one, 'name')), String(at(one, 'value') ?? '')]) : [],
    ),
    clusterInfo: at(section, 'provideClusterInfo') === true ? clusterInfo : undefined,
  };
}

/** Errors: misconfigured (no such program, it fails, it prints something else), unreachable (not done in a minute). */
export async function runExecPlugin(plugin: ExecPlugin, name: string, deps: Deps): Promise<ExecCredential> {
  const spec = { interactive: false, ...(plugin.clusterInfo === undefined ? {} : { cluster: plugin.clusterInfo }) };
  const info = JSON.stringify({ apiVersion: plugin.apiVersion, kind: 'ExecCredential', spec });
  const output = await run(
    plugin,
    { ...deps.environment, ...plugin.env, KUBERNETES_EXEC_INFO: info },
    name,
    deps.clock,
  );
  const credential = readCredential(output);
  if (credential !== undefined) return credential;
  throw misconfigured(name, `runs ${plugin.command}, which printed no ExecCredential with a token or a certificate`);
}

function readCredential(output: string): ExecCredential | undefined {
  let body: Json;
  try {
    body = parseJson(output);
  } catch {
    return undefined;
  }
  const status = at(body, 'status');
  const token = textOf(at(status, 'token'));
  const cert = textOf(at(status, 'clientCertificateData'));
  const key = textOf(at(status, 'clientKeyData'));
  const expiry = Date.parse(textOf(at(status, 'expirationTimestamp')) ?? '');
  const isWhole = at(body, 'kind') === 'ExecCredential' && (cert === undefined) === (key === undefined);
  if (!isWhole || (token === undefined && cert === undefined)) return undefined;
  return { token, cert, key, expiresAtMs: Number.isNaN(expiry) ? undefined : expiry };
}

function run(plugin: ExecPlugin, env: Environment, name: string, clock: Clock): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(plugin.command, plugin.args, { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let output = '';
    let complaint = '';
    let fault: FaultError | undefined;
    let cancel = (): void => {};
    const end = (why: FaultError): void => {
      if (fault !== undefined) return;
      fault = why;
      child.kill('SIGTERM');
      cancel();
      cancel = clock.after(killAfterMs, () => child.kill('SIGKILL'));
    };
    cancel = clock.after(timeoutMs, () =>
      end(
        new FaultError({
          kind: 'unreachable',
          detail: `kubeconfig ${name} runs ${plugin.command}, which did not end in ${timeoutMs} ms`,
        }),
      ),
    );
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (fault === undefined) output += text;
      if (output.length > outputBytesMax) end(misconfigured(name, `runs ${plugin.command}, which prints without end`));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2_000);
    });
    child.once('error', (error) => {
      cancel();
      reject(misconfigured(name, `runs ${plugin.command}, which cannot be started: ${error.message}`));
    });
    child.once('close', (code, killed) => {
      cancel();
      if (fault !== undefined) reject(fault);
      else if (code === 0) resolve(output);
      else
        reject(misconfigured(name, `runs ${plugin.command}, which ended with ${code ?? killed}: ${masked(complaint)}`));
    });
  });
}

/** The last line of what a plugin complained, with everything that might be a token left out. */
function masked(complaint: string): string {
  const line = complaint.trim().split('\n').at(-1) ?? '';
  return line.replaceAll(/[A-Za-z0-9+/_=.-]{24,}/g, '[…]').slice(0, 300) || 'it said nothing';
}

const misconfigured = (name: string, what: string): FaultError =>
  new FaultError({ kind: 'misconfigured', detail: `kubeconfig ${name} ${what}` });
