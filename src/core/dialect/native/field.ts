/** Field types that several native kinds share, with what an editor and an author should read about them. */
import { z } from 'zod';
import { isObject, type JsonObject } from '../../json/value.ts';

export const Name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'must be a DNS-1123 name: lower case letters, digits, `-` and `.`');

/** Go's durations, as Kubernetes writes them; the value is in milliseconds. */
export const Duration = z
  .string()
  .regex(/^([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+$/, 'must be a duration such as 30s, 10m, 1h30m or 7d')
  .transform(durationMs);

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationMs(text: string): number {
  let total = 0;
  for (const [, count, unit] of text.matchAll(/([0-9.]+)(ms|s|m|h|d)/g))
    total += Number(count) * (unitMs[unit ?? ''] ?? 0);
  return Math.round(total);
}

export const Labels = z.record(z.string(), z.string());

export const Selector = z
  .strictObject({
    matchLabels: Labels.default({}),
    matchExpressions: z
      .array(
        z.strictObject({
          key: z.string().min(1),
          operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
          values: z.array(z.string()).default([]),
        }),
      )
      .default([]),
  })
  .describe('As a Kubernetes label selector; `{}` selects everything.');

/** Spread into an object schema, then checked by `exactlyOne`. */
export const ClusterMatch = {
  clusterNames: z.array(Name).optional().describe('Clusters by name.'),
  clusterSelector: Selector.optional().describe('Clusters by their labels.'),
};

export const IntOrPercent = z
  .union([z.int().min(0), z.string().regex(/^[0-9]{1,3}%$/, 'must be a count or a share such as 25%')])
  .describe('A count, or a share such as 25%.');

export const Commit = z
  .string()
  .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'must be a whole commit SHA, 40 hex digits in lower case');

export const Target = z
  .strictObject({
    group: z.string().optional(),
    version: z.string().optional(),
    kind: z.string().optional(),
    namespace: z.string().optional(),
    name: z.string().optional(),
    labelSelector: Selector.optional(),
  })
  .describe('Which objects; every field given must match.');

/** Any JSON; what it means is checked where it is used. */
export const Anything = z.custom<JsonObject>(isObject, 'must be an object').meta({ type: 'object' });

/** Refuses an object that gives none or more than one of some fields. */
export const exactlyOne =
  (...fields: readonly string[]) =>
  (value: object, context: z.RefinementCtx): void => {
    const given = fields.filter(
      (field) => Object.hasOwn(value, field) && (value as Record<string, unknown>)[field] !== undefined,
    );
    if (given.length === 1) return;
    const list = fields.map((field) => `\`${field}\``).join(', ');
    const message = given.length === 0 ? `give one of ${list}` : `give only one of ${list}`;
    context.addIssue({ code: 'custom', message, path: given.length === 0 ? [] : [given[1] ?? ''] });
  };

/** `metadata` of a native manifest. Namespaced ones fall into `default`. */
export const Metadata = z.looseObject({
  name: Name,
  namespace: Name.default('default'),
  labels: Labels.default({}),
  annotations: Labels.default({}),
});
