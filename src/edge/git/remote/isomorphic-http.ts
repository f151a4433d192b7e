/** HTTP for isomorphic-git: every answer is whole, and within its limit, before a byte of it is read. */
import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git';
import { FaultError } from '../../../core/model/fault.ts';
import type { Link } from '../http/link.ts';
import { packet, readPackets } from '../http/pkt-line.ts';
import { authorizationOf } from '../http/refs.ts';
import { misconfigured } from '../settings.ts';
import { type Call, RefusedError, shown } from './remote.ts';

/** isomorphic-git is given this address; the link knows the real one, and what may be sent there. */
export const address = 'http://repository.invalid';

type Service = 'git-upload-pack' | 'git-receive-pack';

const listPath = (service: Service): string => `/info/refs?service=${service}`;
const listType = (service: Service): string => `application/x-${service}-advertisement`;

/**
 * HTTP for a fetch of one commit. Its question for the list of refs is answered from here, with that commit alone: the
 * list can be long, holds names that a server makes up, and isomorphic-git fails where it lacks a HEAD.
 *
 * Units: `packMax` in bytes.
 */
export function httpForFetch(link: Link, oid: string, capabilities: string, packMax: number, call: Call): HttpClient {
  const list = [packet('# service=git-upload-pack\n'), '0000', packet(`${oid} HEAD\0${capabilities}\n`), '0000'];
  return {
    request: async (ask) => {
      const isList = ask.url.startsWith(address + listPath('git-upload-pack'));
      if (isList) return okay(ask, listType('git-upload-pack'), Buffer.from(list.join('')));
      return post(link, 'git-upload-pack', ask, packMax, call);
    },
  };
}

/** HTTP for a push. Units: `answerMax` in bytes. */
export function httpForPush(link: Link, answerMax: number, call: Call): HttpClient {
  const service = 'git-receive-pack';
  return {
    request: async (ask) => {
      if (!ask.url.startsWith(address + listPath(service))) return post(link, service, ask, answerMax, call);
      return okay(ask, listType(service), await list(link, service, answerMax, call));
    },
  };
}

/** What the server says it can do, as protocol 0 puts it, less what it says of its refs. */
export async function capabilitiesOf(link: Link, answerMax: number, call: Call): Promise<string> {
  const packets = readPackets(await list(link, 'git-upload-pack', answerMax, call));
  const first = packets.find((line) => line.kind === 'line' && line.text.includes('\0'));
  const words = first?.kind === 'line' ? (first.text.split('\0')[1] ?? '').split(' ') : [];
  if (words.includes('object-format=sha256')) {
    throw misconfigured('the repository names its objects by SHA-256, which is not supported');
  }
  return words.filter((word) => /^[A-Za-z0-9-]+(?:=[A-Za-z0-9/._-]*)?$/.test(word)).join(' ');
}

function list(link: Link, service: Service, answerMax: number, call: Call): Promise<Buffer> {
  const authorization = authorizationOf(call);
  return link.request(
    { method: 'GET', path: listPath(service), answerMax, authorization, expects: listType(service) },
    call.signal,
  );
}

async function post(
  link: Link,
  service: Service,
  ask: GitHttpRequest,
  answerMax: number,
  call: Call,
): Promise<GitHttpResponse> {
  const contentType = `application/x-${service}-result`;
  const answer = await link.request(
    {
      method: 'POST',
      path: `/${service}`,
      headers: { 'content-type': `application/x-${service}-request`, accept: contentType },
      body: await collected(ask.body),
      answerMax,
      authorization: authorizationOf(call),
      expects: contentType,
    },
    call.signal,
  );
  if (/^[0-9a-f]{4}ERR /.test(answer.toString('latin1', 0, 8))) throw refusalIn(answer);
  return okay(ask, contentType, answer);
}

function refusalIn(answer: Buffer): FaultError {
  const text = shown(answer.toString('latin1', 8, 300));
  if (/not our ref|unadvertised object|no such remote ref/i.test(text)) return new RefusedError('such commit');
  return new FaultError({ kind: 'protocol', detail: `the server refuses: ${text}` });
}

function okay(ask: GitHttpRequest, contentType: string, answer: Buffer): GitHttpResponse {
  return {
    url: ask.url,
    method: ask.method ?? 'GET',
    statusCode: 200,
    statusMessage: 'OK',
    headers: { 'content-type': contentType },
    body: once(answer),
  };
}

async function* once(bytes: Buffer): AsyncIterableIterator<Uint8Array> {
  yield bytes;
}

async function collected(body: GitHttpRequest['body']): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}
