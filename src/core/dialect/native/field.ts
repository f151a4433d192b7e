/** Field types that several native kinds share, with what an editor and an author should read about them. */
import { Cron } from 'croner';
import { z } from 'zod';
import { isObject, type JsonObject } from '../../json/value.ts';
import { meantBy } from '../misspelt.ts';

const dnsName = 'must be a DNS-1123 name: lower case letters, digits, `-` and `.`';
const duration = 'must be a duration such as 30s, 10m, 1h30m or 7d';
const share = 'must be a count such as 2, or a share such as 25%';
const dnsLabel = 'must be a DNS-1123 label: lower case letters, digits and `-`, at most 63';

export const Name = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, dnsName);

/** A name without dots: of a namespace, or of a part of a longer name. */
export const Label = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, dnsLabel);

export const Text = z.string().min(1, 'must not be empty');

/** Bounds what one document can ask for; far beyond what a person writes. */
export const listOf = <Item extends z.ZodType>(item: Item, itemsMax = 100) =>
  z.array(item).max(itemsMax, `must not have more than ${itemsMax} items`);

export const Flag = z.boolean();

/** Of replicas, clusters and the like; what an int32 of the API holds. */
export const Count = z
  .int('must be a whole number')
  .min(0, 'must not be negative')
  .max(2_147_483_647, 'must be at most 2147483647');

/** Go's durations, as Kubernetes writes them, and days; the value is in milliseconds. */
export const Duration = z
  .string(duration)
  .regex(/^([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+$/, duration)
  .transform(durationMs)
  .refine((ms) => ms <= durationMaxMs, 'must be at most 3650d');

const durationMaxMs = 3_650 * 86_400_000;

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationMs(text: string): number {
  let total = 0;
  for (const [, count, unit] of text.matchAll(/([0-9.]+)(ms|s|m|h|d)/g))
    total += Number(count) * (unitMs[unit ?? ''] ?? 0);
  return Math.round(total);
}

/** A moment, in milliseconds since 1970. */
export const Instant = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-11-21T06:00:00Z' })
  .transform((text) => Date.parse(text));

const cron = 'must be a cron expression of five fields, such as 0 8 * * 1-5';

export const CronExpression = z.string(cron).refine(isCron, cron).meta({ pattern: '^\\s*(\\S+\\s+){4}\\S+\\s*$' });

function isCron(text: string): boolean {
  try {
    return new Cron(text, { mode: '5-part', paused: true }).getPattern() !== undefined;
  } catch {
    return false;
  }
}

export const TimeZone = z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin');

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
}

export const Labels = z.record(z.string(), z.string());

const Requirement = z
  .strictObject({
    key: Text.describe('A label.'),
    operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']).describe('How the label must be.'),
    values: listOf(z.string(), 1_000).default([]).describe('For In and NotIn.'),
  })
  .superRefine(({ operator, values }, context) => {
    const takesValues = operator === 'In' || operator === 'NotIn';
    // As the API server sees it, too: without values In selects nothing and NotIn everything, which nobody can mean.
    if (takesValues !== values.length > 0)
      context.addIssue({
        code: 'custom',
        message: takesValues ? `${operator} needs values` : `${operator} takes no values`,
        path: ['values'],
      });
  })
  .meta({
    if: { properties: { operator: { enum: ['In', 'NotIn'] } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { required: ['values'], properties: { values: { minItems: 1 } } },
    else: { properties: { values: { maxItems: 0 } } },
  });

export const Selector = z
  .strictObject({
    matchLabels: Labels.default({}).describe('Labels that all must be there with these values.'),
    matchExpressions: listOf(Requirement).default([]).describe('Requirements that all must hold.'),
  })
  .describe('As a Kubernetes label selector; `{}` selects everything.');

/** Spread into an object schema, which is then given to `exactlyOneOf`. */
export const ClusterMatch = {
  clusterNames: listOf(Name, 10_000).optional().describe('Clusters by name.'),
  clusterSelector: Selector.optional().describe('Clusters by their labels; `{}` selects every cluster.'),
};

export const IntOrPercent = z
  .union([z.int().min(0), z.string().regex(/^[0-9]{1,3}%$/, share)], share)
  .describe('A count, or a share such as 25%.');

export const Commit = z
  .string()
  .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'must be a whole commit SHA, 40 hex digits in lower case');

export const Target = z
  .strictObject({
    group: z.string().optional().describe('API group; empty for the core group.'),
    version: z.string().optional().describe('API version, without the group.'),
    kind: z.string().optional().describe('Kind, as Deployment.'),
    namespace: z.string().optional().describe('Namespace.'),
    name: z.string().optional().describe('Name.'),
    labelSelector: Selector.optional().describe("On the object's own labels."),
  })
  .describe('Which objects; every field given must match.');

/** Any JSON object; what it means is checked where it is used. */
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

/** The same, told to editors as well. */
export const exactlyOneOf = <Schema extends z.ZodObject>(schema: Schema, ...fields: readonly string[]) =>
  schema.superRefine(exactlyOne(...fields)).meta({ oneOf: fields.map((field) => ({ required: [field] })) });

/** What a manifest is called; the rest of it may be wrong. A slip of either name leaves it without one. */
export const Identity = z
  .looseObject({ name: Name, namespace: Label.optional() })
  .refine((given) => Object.keys(given).every((key) => meantBy(key, given, ['name', 'namespace']) === undefined))
  .transform(({ name, namespace = 'default' }) => ({ name, namespace }));

/** `metadata` of a native manifest. Namespaced ones fall into `default`. */
export const Metadata = z.looseObject({
  name: Name.describe('Unique among those of its kind in its namespace.'),
  namespace: Label.default('default').describe('Says nothing for kinds of the whole installation: Cluster and Tenant.'),
  labels: Labels.default({}).describe('Of a Cluster: what selectors select by.'),
  annotations: Labels.default({}).describe('For people and other tools.'),
});
