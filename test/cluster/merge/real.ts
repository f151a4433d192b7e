/** One real API server over HTTPS, for a test. */
import { Agent, request } from 'node:https';
import { parseJson } from '../../../src/core/json/text.ts';
import { isObject, type Json, type JsonObject, textOf } from '../../../src/core/json/value.ts';

export type Server = { readonly url: string; readonly token: string; readonly ca: string };

export type Answer = {
  readonly code: number;
  readonly body: JsonObject;
  /** When the server answered, RFC 3339, whole seconds. */
  readonly time: string;
  /** The texts of its warnings. */
  readonly warnings: readonly string[];
};

export type Real = {
  readonly send: (method: string, path: string, contentType?: string, body?: Json) => Promise<Answer>;
  readonly close: () => void;
};

export function realServer({ url, token, ca }: Server): Real {
  const agent = new Agent({ keepAlive: true, ca, maxSockets: 4 });
  return {
    close: () => agent.destroy(),
    send: (method, path, contentType = 'application/json', body) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const headers = {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(text === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }),
        };
        const sent = request(new URL(path, url), { method, agent, headers, timeout: 20_000 }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const answer = Buffer.concat(chunks).toString('utf8');
            // Paths of kinds that are not served yet answer in plain text.
            const read = answer.startsWith('{') ? parseJson(answer) : {};
            const time = new Date(response.headers.date ?? 0).toISOString().replace(/\.\d+Z$/, 'Z');
            const warnings = [...String(response.headers.warning ?? '').matchAll(/299 - ("(?:[^"\\]|\\.)*")/g)];
            resolve({
              code: response.statusCode ?? 0,
              body: isObject(read) ? read : {},
              time,
              warnings: warnings.map((one) => textOf(parseJson(one[1]!)) ?? ''),
            });
          });
        });
        sent.on('timeout', () => sent.destroy(new Error('no answer within 20 s')));
        sent.on('error', reject);
        sent.end(text);
      }),
  };
}
