/** A plain HTTP client for one Kubernetes API server, with nothing of Landfall's own client in it. */
import http from 'node:http';
import https from 'node:https';
import { parseJson } from '../../src/core/json/text.ts';
import { isObject, type Json, type JsonObject } from '../../src/core/json/value.ts';
import { type Watch, watchOf } from './watch-stream.ts';

/** Where an API server listens and who we are to it; nothing else tells a real one from the sandbox. */
export type Target = {
  readonly name: string;
  /** `https://host:port` or `http://host:port`. */
  readonly origin: string;
  readonly token?: string;
  /** PEM. */
  readonly ca?: string;
};

export type Query = Readonly<Record<string, string>>;
export type Ask = {
  readonly query?: Query;
  /** Names in lower case; a list repeats the header. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: Json;
};
export type Answer = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  /** The body when it is a JSON object, else an empty one. */
  readonly json: JsonObject;
};
export type ApplyOptions = { readonly manager?: string; readonly force?: boolean; readonly query?: Query };

export type Api = {
  readonly request: (method: string, path: string, ask?: Ask) => Promise<Answer>;
  readonly get: (path: string, query?: Query, headers?: Ask['headers']) => Promise<Answer>;
  readonly create: (path: string, object: Json, query?: Query) => Promise<Answer>;
  readonly replace: (path: string, object: Json, query?: Query) => Promise<Answer>;
  /** Server-side apply; the manager is `applier` unless named. */
  readonly apply: (path: string, object: Json, options?: ApplyOptions) => Promise<Answer>;
  readonly mergePatch: (path: string, patch: Json, query?: Query) => Promise<Answer>;
  readonly strategicPatch: (path: string, patch: Json, query?: Query) => Promise<Answer>;
  readonly jsonPatch: (path: string, patch: Json, query?: Query) => Promise<Answer>;
  /** DELETE; `options` become the DeleteOptions body. */
  readonly remove: (path: string, options?: JsonObject, query?: Query) => Promise<Answer>;
  /** Opens a watch and resolves once the server has answered with its headers. */
  readonly watch: (path: string, query?: Query, headers?: Ask['headers']) => Promise<Watch>;
  /** The same server, impersonating a user. */
  readonly as: (user: string, groups?: readonly string[]) => Api;
};

const answerMsMax = 60_000;

/** `eventMsMax`: how long a watch may be silent before its reader gives up. */
export function connect(target: Target, eventMsMax = 20_000): Api & Disposable {
  const isSecure = target.origin.startsWith('https:');
  const settings = { keepAlive: true, maxSockets: 16, maxTotalSockets: 256 };
  const agent = isSecure ? new https.Agent({ ...settings, ca: target.ca }) : new http.Agent(settings);
  // A watch holds its socket to the end, so it never takes one from the pool of short requests.
  const send = (method: string, path: string, ask: Ask, isStream: boolean): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      const url = new URL(path, target.origin);
      for (const [name, value] of Object.entries(ask.query ?? {})) url.searchParams.append(name, value);
      const body = ask.body === undefined || typeof ask.body === 'string' ? ask.body : JSON.stringify(ask.body);
      const headers: http.OutgoingHttpHeaders = {
        accept: 'application/json',
        ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...Object.fromEntries(Object.entries(ask.headers ?? {}).map(([name, value]) => [name, copyOf(value)])),
      };
      const options = isStream ? { method, headers, agent: false, ca: target.ca } : { method, headers, agent };
      const request = (isSecure ? https : http).request(url, options, (response) => {
        // From here on a watch may be silent for as long as its reader bears it.
        if (isStream) request.setTimeout(0);
        resolve(response);
      });
      request.on('error', reject);
      request.setTimeout(answerMsMax, () => request.destroy(new Error(`${method} ${path}: no answer`)));
      request.end(body);
    });

  return {
    ...verbs(
      async (method, path, ask) => readAnswer(await send(method, path, ask, false)),
      async (path, ask) => watchOf(await send('GET', path, ask, true), eventMsMax),
    ),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

const copyOf = (value: string | readonly string[]): string | string[] =>
  typeof value === 'string' ? value : [...value];

type Send = (method: string, path: string, ask: Ask) => Promise<Answer>;
type Open = (path: string, ask: Ask) => Promise<Watch>;

function verbs(send: Send, open: Open): Api {
  const patch =
    (type: string) =>
    (path: string, body: Json, query: Query = {}): Promise<Answer> =>
      send('PATCH', path, { query, body: body, headers: { 'content-type': `application/${type}` } });
  return {
    request: (method, path, ask = {}) => send(method, path, ask),
    get: (path, query = {}, headers = {}) => send('GET', path, { query, headers }),
    create: (path, body, query = {}) => send('POST', path, { query, body }),
    replace: (path, body, query = {}) => send('PUT', path, { query, body }),
    apply: (path, body, { manager = 'applier', force, query } = {}) =>
      patch('apply-patch+yaml')(path, body, {
        fieldManager: manager,
        ...(force === undefined ? {} : { force: String(force) }),
        ...query,
      }),
    mergePatch: patch('merge-patch+json'),
    strategicPatch: patch('strategic-merge-patch+json'),
    jsonPatch: patch('json-patch+json'),
    remove: (path, options, query = {}) =>
      send('DELETE', path, options === undefined ? { query } : { query, body: options }),
    watch: (path, query = {}, headers = {}) => open(path, { query: { watch: 'true', ...query }, headers }),
    as: (user, groups = []) => {
      const identity = { 'impersonate-user': user, 'impersonate-group': groups };
      const asUser = (ask: Ask): Ask => ({ ...ask, headers: { ...identity, ...ask.headers } });
      return verbs(
        (method, path, ask) => send(method, path, asUser(ask)),
        (path, ask) => open(path, asUser(ask)),
      );
    },
  };
}

async function readAnswer(response: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const isJson = text !== '' && /^application\/(\S+\+)?json/.test(response.headers['content-type'] ?? '');
  const json = isJson ? parseJson(text) : undefined;
  return { status: response.statusCode ?? 0, headers: response.headers, text, json: isObject(json) ? json : {} };
}
