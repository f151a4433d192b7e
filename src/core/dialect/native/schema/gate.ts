/** The schemas of a stage's gates and of how it is promoted. */
import { z } from 'zod';
import { CronExpression, Duration, exactlyOneOf, Label, Name, Text, TimeZone } from '../field.ts';
import { Copy } from './field-copy.ts';

const WebURL = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .meta({ pattern: '^https?://' });

const day = 86_400_000;

const Window = z
  .strictObject({
    schedule: CronExpression.describe('When it opens: a cron expression of five fields, as `0 8 * * 1-5`.'),
    duration: Duration.refine((ms) => ms >= 60_000 && ms <= 31 * day, 'must be from 1m to 31d').describe(
      'How long it stays open, from 1m to 31d.',
    ),
    timeZone: TimeZone.default('UTC').describe('An IANA name, as Europe/Berlin.'),
  })
  .describe('Open at certain times only.');

const Prometheus = z
  .strictObject({
    url: WebURL.describe("Of the server, without /api/v1; the operator's settings allow it."),
    query: Text.max(4_096, 'must not be longer than 4096 characters').describe(
      'PromQL; every value of the answer must be within the bounds, and no answer is no pass. ' +
        '`${app}`, `${namespace}`, `${stage}` and `${revision}` are filled in.',
    ),
    min: z.number().optional().describe('No value may be below.'),
    max: z.number().optional().describe('No value may be above.'),
    for: Duration.prefault('0s').describe('How long it must have been so, each time it was asked.'),
  })
  .superRefine(({ min, max }, context) => {
    if (min === undefined && max === undefined)
      context.addIssue({ code: 'custom', message: 'give at least one of `min`, `max`', path: [] });
    else if (min !== undefined && max !== undefined && max < min)
      context.addIssue({ code: 'custom', message: 'must not be below `min`', path: ['max'] });
  })
  .meta({ anyOf: [{ required: ['min'] }, { required: ['max'] }] })
  .describe('A query of Prometheus.');

const Http = z
  .strictObject({
    url: WebURL.describe("Asked with GET; the operator's settings allow it. Redirects are not followed."),
    status: z
      .int('must be a whole number')
      .min(100, 'must be a status of HTTP, from 100 to 599')
      .max(599, 'must be a status of HTTP, from 100 to 599')
      .default(200)
      .describe('What it must answer.'),
  })
  .describe('A page that answers.');

const Job = z
  .strictObject({
    path: Text.describe("A file or folder with one Job, from the repository's root."),
    cluster: Name.describe('Where it runs.'),
    timeout: Duration.prefault('15m')
      .refine((ms) => ms >= 1_000 && ms <= day, 'must be from 1s to 1d')
      .describe('Not complete by then is failed; from 1s to 1d.'),
  })
  .describe('A Job that is run once for each revision; complete is passed.');

const Approval = z
  .strictObject({
    notByAuthor: z
      .boolean()
      .default(false)
      .describe('Another person has to say it than those who have written what is approved, by the e-mail of commits.'),
  })
  .describe("A person's yes to the revision: `approvals` of the stage's Pin.");

export const Gate = exactlyOneOf(
  z.strictObject({
    name: Label.describe('For approvals, bypasses and messages.'),
    window: Window.optional(),
    status: z
      .strictObject({ context: Text.describe("The name of somebody else's status.") })
      .optional()
      .describe('A status on the commit at the forge, which must be a success.'),
    prometheus: Prometheus.optional(),
    http: Http.optional(),
    job: Job.optional(),
    approval: Approval.optional(),
  }),
  'window',
  'status',
  'prometheus',
  'http',
  'job',
  'approval',
).meta({ title: 'Gate' });

export const Promotion = z
  .strictObject({
    policy: z
      .enum(['Newest', 'Queue', 'Pinned'])
      .default('Newest')
      .describe(
        'Newest: the newest revision that is ready. Queue: one after the other. Pinned: only when a person asks for it.',
      ),
    merge: z
      .enum(['Manual', 'Automatic'])
      .default('Manual')
      .describe('Who merges the pull request: a person, or Landfall once all gates have passed.'),
    copy: Copy.optional(),
  })
  .describe('How the stage goes forward: its Pin is moved, or fields are copied into its folder.');

/** Gates that one stage has, at most: each is asked over and over. */
export const gatesMax = 20;
