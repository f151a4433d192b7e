/** The settings file: one schema, from which reading it, its defaults and its documentation are made. */
import { validate } from 'node-cron';
import { z } from 'zod';
import { exactlyOne, Name } from '../../core/dialect/native/field.ts';
import { logLevels } from '../../edge/log/log.ts';
import { Count, DurationWithin, Installation, Listen, Path, ProxyURL } from './field.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const Auth = z
  .strictObject({
    tokenFile: Path.optional().describe('A file with a token, sent as the password of any user.'),
    usernameFile: Path.optional(),
    passwordFile: Path.optional(),
    sshKeyFile: Path.optional().describe('A private key without passphrase.'),
    knownHostsFile: Path.optional().describe("The server's keys; one that is not listed is not spoken to."),
  })
  .superRefine(exactlyOne('tokenFile', 'passwordFile', 'sshKeyFile'))
  .superRefine(together('passwordFile', 'usernameFile'))
  .superRefine(together('sshKeyFile', 'knownHostsFile'));

/** Refuses one field without the other. */
function together(first: string, second: string) {
  return (value: object, context: z.RefinementCtx): void => {
    const [hasFirst, hasSecond] = [Object.hasOwn(value, first), Object.hasOwn(value, second)];
    if (hasFirst === hasSecond) return;
    const [given, missing] = hasFirst ? [first, second] : [second, first];
    context.addIssue({ code: 'custom', message: `\`${given}\` needs \`${missing}\``, path: [given] });
  };
}

export const Repository = z
  .strictObject({
    name: Name,
    url: z.string().min(1),
    branch: z.string().min(1).default('main'),
    role: z.enum(['single', 'operator', 'tenant']).optional(),
    path: z.string().default(''),
    plain: z.boolean().default(false),
    pollInterval: DurationWithin(second, 24 * hour).optional(),
    schedule: z
      .string()
      .refine((text) => validate(text), 'must be a cron expression, as `*/5 * * * *`')
      .optional(),
    timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone, as `Europe/Berlin`').optional(),
    timeout: DurationWithin(second, hour).default(3 * minute),
    transport: z.enum(['auto', 'isomorphic', 'native']).default('auto'),
    statuses: z.enum(['notes', 'none']).default('notes'),
    auth: Auth.optional(),
    caFile: Path.optional(),
    proxyURL: ProxyURL.optional(),
  })
  .superRefine(({ pollInterval, schedule, timeZone }, context) => {
    if (pollInterval !== undefined && schedule !== undefined)
      context.addIssue({ code: 'custom', message: 'give `pollInterval` or `schedule`, not both', path: ['schedule'] });
    if (timeZone !== undefined && schedule === undefined)
      context.addIssue({ code: 'custom', message: '`timeZone` needs `schedule`', path: ['timeZone'] });
  });

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

const Hub = z
  .strictObject({
    inCluster: z.literal(true).optional(),
    file: Path.optional(),
    context: z.string().min(1).optional(),
    namespace: Name.default('landfall-system'),
  })
  .superRefine(exactlyOne('inCluster', 'file'))
  .superRefine(({ context: name, file }, context) => {
    if (name !== undefined && file === undefined)
      context.addIssue({ code: 'custom', message: '`context` needs `file`', path: ['context'] });
  });

const ExecProvider = z.strictObject({
  name: Name,
  server: z.string().regex(/^https:\/\//, 'must begin with https://'),
  caFile: Path.optional(),
  apiVersion: z
    .enum(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'])
    .default('client.authentication.k8s.io/v1'),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
});

const Limits = z
  .strictObject({
    requestsMax: Count(1, 200).default(16),
    writesMax: Count(1, 64).default(8),
    cellsMax: Count(1, 64).default(4),
    cellTimeout: DurationWithin(second, hour).default(2 * minute),
    retryMin: DurationWithin(100, hour).default(second),
    retryMax: DurationWithin(second, 24 * hour).default(5 * minute),
    leaseDuration: DurationWithin(6 * second, 10 * minute).default(30 * second),
  })
  .superRefine(({ retryMin, retryMax }, context) => {
    if (retryMin > retryMax)
      context.addIssue({ code: 'custom', message: 'must not be above `retryMax`', path: ['retryMin'] });
  });

export const SettingsFile = z
  .strictObject({
    installation: Installation.default('default'),
    stateDir: Path.default('.landfall'),
    repositories: z.array(Repository).default([]),
    hub: Hub.optional(),
    kubeconfigDir: Path.optional(),
    execProviders: z.array(ExecProvider).default([]),
    limits: Limits.prefault({}),
    survey: DurationWithin(0, hour).default(30 * second),
    audit: DurationWithin(minute, 30 * 24 * hour).default(24 * hour),
    copies: z
      .strictObject({ availableScope: z.enum(['global', 'cluster', 'namespace']).default('global') })
      .prefault({}),
    server: z.strictObject({ listen: Listen.default('127.0.0.1:8080') }).prefault({}),
    log: z.strictObject({ level: z.enum(logLevels).default('info') }).prefault({}),
  })
  .superRefine(({ repositories }, context) => {
    unique(
      repositories.map(({ name }) => name),
      'repositories',
      context,
    );
    rolesOf(repositories, context);
  })
  .superRefine(({ execProviders }, context) =>
    unique(
      execProviders.map(({ name }) => name),
      'execProviders',
      context,
    ),
  );
export type SettingsFile = z.output<typeof SettingsFile>;

function unique(names: readonly string[], list: string, context: z.RefinementCtx): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    context.addIssue({ code: 'custom', message: `there is another one named ${name}`, path: [list, index, 'name'] });
  }
}

/** One repository is everything at once; of several, each says what it is, and somebody must have the clusters. */
function rolesOf(repositories: SettingsFile['repositories'], context: z.RefinementCtx): void {
  const report = (index: number, message: string): void =>
    context.addIssue({ code: 'custom', message, path: ['repositories', index, 'role'] });
  if (repositories.length === 1) {
    if (repositories[0]?.role === 'tenant')
      report(0, 'the only repository must be `single` or `operator`: nobody else could declare clusters');
    return;
  }
  for (const [index, { role }] of repositories.entries()) {
    if (role === undefined) report(index, 'of several repositories each says its `role`: operator or tenant');
    if (role === 'single') report(index, '`single` is for the only repository: say operator or tenant');
  }
  if (repositories.length > 0 && !repositories.some(({ role }) => role === 'operator' || role === undefined))
    report(0, 'one repository must be `operator`: it declares clusters and tenants');
}
