/** Field types of the settings file. */
import { z } from 'zod';
import { Duration } from '../../core/dialect/native/field.ts';
import { durationParts } from '../../core/model/duration.ts';

/** A duration with bounds, both in milliseconds. */
export const DurationWithin = (minMs: number, maxMs: number) =>
  Duration.refine((durationMs) => durationMs >= minMs && durationMs <= maxMs, {
    message: `must be from ${durationText(minMs)} to ${durationText(maxMs)}`,
  });

/** As a person writes it: `90s` is `1m30s`. Shape: nothing for parts that are zero. */
export const durationText = (durationMs: number): string => durationParts(durationMs).join('') || '0s';

/** A count with bounds. */
export const Count = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

/** A path; relative ones start at the settings file. */
export const Path = z.string().min(1);

export const ProxyURL = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .meta({ pattern: '^https?://' });

/** Somebody who is told events; those are signed, and hold no secret. */
export const SinkURL = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .meta({ pattern: '^https?://' });

/** Pages of ours are below it. */
export const PublicURL = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .meta({ pattern: '^https?://' });

/** A token is sent there. */
export const ApiURL = z
  .url({ protocol: /^https?$/, error: 'must be an https:// URL, or http:// on this machine' })
  .meta({ pattern: '^https?://' });

/** People and secrets are sent there. */
export const IssuerURL = z
  .url({ protocol: /^https?$/, error: 'must be an https:// URL, or http:// on this machine' })
  .regex(
    /^(?:https:\/\/|http:\/\/(?:localhost|127\.[0-9.]+|\[::1\])(?=[:/]|$))[^?#]*$/,
    'must be an https:// URL, or http:// on this machine, without `?` and `#`',
  );

/** Fits into labels and into names of records: a DNS label, and not long. */
export const Installation = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/, 'must be lower case letters, digits and `-`, at most 40');

/** `host:port`; an IPv6 address in brackets. */
export const Listen = z.string().regex(/^(?:\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):[0-9]{1,5}$/, 'must be `host:port`');

/** Memory, as Kubernetes writes it; the value is in bytes. */
export const Memory = (minBytes: number, maxBytes: number) => {
  const error = `must be an amount such as 512Mi or 2Gi, from ${memoryText(minBytes)} to ${memoryText(maxBytes)}`;
  return z
    .string(error)
    .regex(/^[0-9]{1,6}(?:Mi|Gi)$/, error)
    .transform((text) => Number.parseInt(text, 10) * (text.endsWith('Gi') ? GiB : MiB))
    .refine((bytes) => bytes >= minBytes && bytes <= maxBytes, error);
};

const MiB = 2 ** 20;
const GiB = 2 ** 30;

export const memoryText = (bytes: number): string =>
  bytes % GiB === 0 ? `${bytes / GiB}Gi` : `${Math.floor(bytes / MiB)}Mi`;

/** A host, and a port where it is not the usual one. */
export const Host = z
  .string()
  .regex(/^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?(?::[0-9]{1,5})?$/, 'must be a host in lower case, as `quay.io`');

/** Refuses one field without the other. */
export function together(first: string, second: string) {
  return (value: object, context: z.RefinementCtx): void => {
    const [hasFirst, hasSecond] = [Object.hasOwn(value, first), Object.hasOwn(value, second)];
    if (hasFirst === hasSecond) return;
    const [given, missing] = hasFirst ? [first, second] : [second, first];
    context.addIssue({ code: 'custom', message: `\`${given}\` needs \`${missing}\``, path: [given] });
  };
}
