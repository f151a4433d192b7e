/** One or more sandbox clusters under a clock that the test moves, and short ways to ask them. */
import { parseJson } from '../../src/core/json/text.ts';
import { isObject, type Json, type JsonObject } from '../../src/core/json/value.ts';
import type { ApiAnswer } from '../../src/sandbox/api/exchange.ts';
import { createSandbox, type Sandbox, type SandboxCluster } from '../../src/sandbox/sandbox.ts';
import type { SandboxSettings } from '../../src/sandbox/settings.ts';
import { type HandClock, handClock } from '../builder/clock.ts';
import { seededRng } from '../builder/rng.ts';

export type Reply = {
  readonly status: number;
  readonly headers: ApiAnswer['headers'];
  readonly json: JsonObject;
  readonly text: string;
};
export type Ask = {
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
};
export type Scene = {
  readonly sandbox: Sandbox;
  readonly cluster: SandboxCluster;
  readonly clock: HandClock;
  readonly ask: (method: string, path: string, ask?: Ask) => Promise<Reply>;
  readonly apply: (path: string, object: JsonObject, manager?: string) => Promise<Reply>;
  /** Opens a watch and gives what it has sent so far, line by line, each time it is asked. */
  readonly watch: (path: string, headers?: Ask['headers']) => Promise<Watching>;
};
export type Watching = {
  readonly lines: () => Promise<readonly JsonObject[]>;
  readonly isEnded: () => boolean;
  readonly stop: () => void;
};

export function scene(settings: Partial<SandboxSettings> = {}, seed = 1, names: readonly string[] = ['one']): Scene {
  const clock = handClock(Date.parse('2024-05-06T07:08:09Z'));
  const sandbox = createSandbox({ clock, rng: seededRng(seed), clusters: names, settings });
  const cluster = sandbox.cluster(names[0]!);
  const never = new AbortController().signal;
  const ask: Scene['ask'] = async (method, path, { body, headers } = {}) => {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const typed = {
      'user-agent': 'test/1',
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    return read(await cluster.handle({ method, path, headers: typed, body: text }, never));
  };
  return {
    sandbox,
    cluster,
    clock,
    ask,
    apply: (path, object, manager = 'applier') =>
      ask('PATCH', `${path}?fieldManager=${manager}`, {
        body: object,
        headers: { 'content-type': 'application/apply-patch+yaml' },
      }),
    watch: async (path, headers = {}) => watching(cluster, clock, path, headers),
  };
}

function read({ status, headers, body }: ApiAnswer): Reply {
  const text = typeof body === 'string' ? body : '';
  const json =
    headers['content-type']?.startsWith('application/json') === true && text !== '' ? parseJson(text) : undefined;
  return { status, headers, text, json: isObject(json) ? json : {} };
}

async function watching(
  cluster: SandboxCluster,
  clock: HandClock,
  path: string,
  headers: Ask['headers'],
): Promise<Watching> {
  const stop = new AbortController();
  const answer = await cluster.handle({ method: 'GET', path, headers: headers ?? {} }, stop.signal);
  let pending = typeof answer.body === 'string' ? answer.body : '';
  let isEnded = typeof answer.body === 'string';
  const follow = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    try {
      for await (const chunk of body) pending += new TextDecoder().decode(chunk);
    } catch {
      // A cut watch has ended, which is all that a test asks.
    }
    isEnded = true;
  };
  if (typeof answer.body !== 'string') void follow(answer.body);
  return {
    isEnded: () => isEnded,
    stop: () => stop.abort(),
    lines: async () => {
      await clock.settle();
      const whole = pending.slice(0, pending.lastIndexOf('\n') + 1);
      pending = pending.slice(whole.length);
      return whole.split('\n').flatMap((line) => (line === '' ? [] : [parseJson(line) as JsonObject]));
    },
  };
}

export const configMap = (name: string, data: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

export const deployment = (name: string, replicas: number, image = 'web:1', spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
    ...spec,
  },
});

export const core = '/api/v1/namespaces/default';
export const apps = '/apis/apps/v1/namespaces/default';
