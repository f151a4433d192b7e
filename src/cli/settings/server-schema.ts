/** The parts of the settings about what others may ask Landfall over HTTP. */
import { z } from 'zod';
import { DurationWithin, IssuerURL, Listen, Path, ProxyURL, PublicURL } from './field.ts';

const minute = 60_000;
const hour = 60 * minute;

export const Server = z.strictObject({
  listen: Listen.default('127.0.0.1:8080').describe(
    '`host:port` where the dashboard, its API, /livez, /readyz and /metrics answer. Beyond loopback the dashboard needs `dashboard.tokenFile` or `dashboard.oidc`; the last three have no login.',
  ),
  publicURL: PublicURL.optional().describe(
    'The address at which people reach it: statuses and pull requests link to its pages. Default: they do not.',
  ),
});

export const Webhooks = z.strictObject({
  secretFiles: z
    .array(Path)
    .max(2)
    .default([])
    .describe('Files with the secret that forges sign with; two while it is changed. None: there is no such route.'),
});

const Claim = z.string().min(1);

const Allow = z
  .strictObject({
    groups: z.array(Claim).default([]).describe('Whoever is in one of these groups, as `groupsClaim` tells them.'),
    emails: z
      .array(z.string().regex(/^[^\s@]*@[^\s@]+$/, 'must be an address, or `@example.com` for all of a domain'))
      .default([])
      .describe('Whoever has one of these addresses, verified by the provider; `@example.com` is all of a domain.'),
    claims: z
      .record(Claim, z.array(Claim).min(1))
      .default({})
      .describe('Whoever has one of these values in the claim of this name.'),
    everyone: z.boolean().default(false).describe('All that the provider lets in.'),
  })
  .superRefine(({ groups, emails, claims, everyone }, context) => {
    if (everyone || groups.length + emails.length + Object.keys(claims).length > 0) return;
    context.addIssue({
      code: 'custom',
      message: 'nobody may look: give `groups`, `emails`, `claims` or `everyone: true`',
    });
  })
  .meta({ minProperties: 1 });

const Oidc = z.strictObject({
  issuer: IssuerURL.describe('The provider, as it calls itself: where /.well-known/openid-configuration is below.'),
  clientID: z.string().min(1).describe('What the provider knows this Landfall as.'),
  clientSecretFile: Path.optional().describe(
    'A file with the secret that the provider gave. Default: a public client.',
  ),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be a scope, without spaces'))
    .default(['openid', 'profile', 'email'])
    .refine((scopes) => scopes.includes('openid'), 'must hold `openid`')
    .meta({ contains: { const: 'openid' } })
    .describe('What is asked for; some providers tell groups to whoever asks for `groups` only.'),
  allow: Allow.describe('Who may look, of those whom the provider lets in: whoever fits one of these.'),
  groupsClaim: Claim.default('groups').describe('The claim that holds the groups of a person.'),
  sessionLife: DurationWithin(5 * minute, 7 * 24 * hour)
    .default(12 * hour)
    .describe('How long one login counts, from 5m to 7d.'),
  caFile: Path.optional().describe("PEM file of the authorities to trust instead of this machine's."),
  proxyURL: ProxyURL.optional().describe('http:// or https:// proxy on the way to the provider.'),
});

export const Dashboard = z.strictObject({
  tokenFile: Path.optional().describe(
    'A file with the token that lets people and programs look, of 16 characters or more. Without it and without `oidc` only this machine may, and only while `server.listen` is loopback.',
  ),
  oidc: Oidc.optional().describe('An OpenID Connect provider at which people log in; needs `server.publicURL`.'),
  sessionKeyFile: Path.optional().describe(
    "A file with 16 characters or more that sessions of `oidc` are sealed with: several Landfalls with the same one take each other's, and they outlive a restart. Default: a key of this process alone.",
  ),
});
