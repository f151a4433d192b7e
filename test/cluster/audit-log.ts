/** Who asked what of an API server: its own audit log, counted. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parseJson } from '../../src/core/json/text.ts';
import { at, isObject, textOf } from '../../src/core/json/value.ts';

export type AuditedRequest = {
  readonly user: string;
  readonly impersonated: string | undefined;
  readonly userAgent: string;
  /** As RBAC names them: get list watch create update patch delete deletecollection. */
  readonly verb: string;
  /** With its subresource, such as `deployments/scale`; undefined for a path that is no resource. */
  readonly resource: string | undefined;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  /** Path and query. */
  readonly uri: string;
  readonly status: number;
};

export const isWrite = ({ verb }: AuditedRequest): boolean =>
  ['create', 'update', 'patch', 'delete', 'deletecollection'].includes(verb);

/** Requests about objects: no discovery, health or version, and no leases, which are renewed at rest too. */
export const isObjectRequest = (request: AuditedRequest): boolean =>
  request.resource !== undefined && !(request.group === 'coordination.k8s.io' && request.resource === 'leases');

/** Metadata only, so that no Secret reaches the file; a watch is noted when it opens, all else when it is answered. */
export const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
};

/** Where in the log one stands. */
export type AuditMark = { readonly offsetBytes: number };

/**
 * All requests that were answered since `mark`, in the order of their answers.
 *
 * The server writes a line before it ends the answer it is about, so what a client has read to the end is in the log.
 */
export function requestsSince(logPath: string, mark: AuditMark): readonly AuditedRequest[] {
  const text = readFrom(logPath, mark.offsetBytes);
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => requestOf(line) ?? []);
}

export function markOf(logPath: string): AuditMark {
  const file = openSync(logPath, 'r');
  try {
    return { offsetBytes: fstatSync(file).size };
  } finally {
    closeSync(file);
  }
}

function readFrom(path: string, offsetBytes: number): string {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - offsetBytes));
    const length = readSync(file, buffer, 0, buffer.length, offsetBytes);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

function requestOf(line: string): AuditedRequest | undefined {
  const event = parseJson(line);
  const verb = textOf(at(event, 'verb')) ?? '';
  const isOpening = at(event, 'stage') === 'ResponseStarted';
  if (!isObject(event) || isOpening !== (verb === 'watch')) return undefined;
  const of = (field: string): string => textOf(at(event, 'objectRef', field)) ?? '';
  const subresource = of('subresource');
  return {
    user: textOf(at(event, 'user', 'username')) ?? '',
    impersonated: textOf(at(event, 'impersonatedUser', 'username')),
    userAgent: textOf(event.userAgent) ?? '',
    verb,
    resource: of('resource') === '' ? undefined : `${of('resource')}${subresource === '' ? '' : `/${subresource}`}`,
    group: of('apiGroup'),
    namespace: of('namespace'),
    name: of('name'),
    uri: textOf(event.requestURI) ?? '',
    status: Number(at(event, 'responseStatus', 'code') ?? 0),
  };
}
