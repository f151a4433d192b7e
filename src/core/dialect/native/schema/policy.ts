/** The schemas of the native kinds that say who may and when: Pin, Freeze, Tenant, Acknowledgement. */
import { z } from 'zod';
import { freezeExceptions } from '../../../model/gate.ts';
import { ClusterMatch, Commit, exactlyOne, exactlyOneOf, Flag, Instant, Label, listOf, Name, Text } from '../field.ts';
import { manifest } from './manifest.ts';

export const Pin = manifest(
  'Pin',
  z.strictObject({
    revision: Commit.describe('A commit of the repository that the App is in.'),
    exceptions: listOf(
      exactlyOneOf(
        z.strictObject({
          ...ClusterMatch,
          revision: Commit.describe('Instead.'),
          reason: z.string().optional().describe('For people.'),
        }),
        'clusterNames',
        'clusterSelector',
      ),
    )
      .default([])
      .describe('Clusters of the stage that run another revision; the first that matches counts.'),
    bypass: z
      .strictObject({
        gates: listOf(Text)
          .min(1, 'must not be empty')
          .describe('Evidence, Soak, Window, Freeze, or gates of the stage by name.'),
        reason: Text.describe('For people, such as the number of an incident; the status of the App shows it.'),
        revision: Commit.optional().describe('For this revision only: it ends when the Pin names another.'),
        until: Instant.describe('When all gates hold again.'),
      })
      .optional()
      .describe('Breaks the glass: these gates do not hold the stage up.'),
    quarantined: listOf(Commit)
      .default([])
      .describe('Revisions that go nowhere new in the whole Placement, until they are taken out of this list.'),
    approvals: listOf(
      z.strictObject({
        gate: Label.describe('The gate of the stage that waits for it.'),
        revision: Commit.describe('What is approved; nothing else is.'),
        by: z.string().optional().describe('Who said yes, for people.'),
        until: Instant.optional().describe('When it expires; never when absent.'),
      }),
    )
      .default([])
      .describe("A person's yes to a revision, for gates that ask for one."),
  }),
  'The revision of the App that a pinned stage runs. Its name is <placement>.<stage>.',
);

export const Freeze = manifest(
  'Freeze',
  z
    .strictObject({
      ...ClusterMatch,
      from: Instant.describe('When it begins.'),
      until: Instant.describe('When it ends.'),
      allow: listOf(z.enum(freezeExceptions))
        .default([])
        .describe(
          'What happens all the same. Bypass: what a Pin lets pass. Rollback: a return to what was good there. Failover: what a lost or draining cluster leaves to others. DriftRepair: what somebody changed is put back.',
        ),
    })
    .superRefine(exactlyOne('clusterNames', 'clusterSelector'))
    .superRefine(({ from, until }, context) => {
      if (until <= from) context.addIssue({ code: 'custom', message: 'must be after `from`', path: ['until'] });
    })
    .meta({ oneOf: [{ required: ['clusterNames'] }, { required: ['clusterSelector'] }] }),
  "When nothing is changed on some clusters. Only in an operator's repository.",
);

const account =
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?:[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$|^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

export const Tenant = manifest(
  'Tenant',
  z.strictObject({
    repositories: listOf(
      z.strictObject({ url: Text.describe('As written in the settings.'), branch: Text.default('main') }),
    )
      .min(1, 'must not be empty')
      .describe('As the settings name them.'),
    serviceAccountName: z
      .string()
      .regex(account, 'must be a name, or <namespace>:<name>')
      .optional()
      .describe('Impersonated on every member: a name in the namespace landfall-system, or <namespace>:<name>.'),
    provision: Flag.default(false).describe('Make Namespace, ServiceAccount and RoleBinding on the destinations.'),
    destinations: listOf(
      exactlyOneOf(
        z.strictObject({
          ...ClusterMatch,
          namespaces: listOf(
            z
              .string()
              .regex(
                /^(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?|(?:[a-z0-9][-a-z0-9]{0,61})?\*)$/,
                'must be a namespace, or the beginning of some with `*` behind it',
              ),
            1_000,
          )
            .min(1, 'must not be empty')
            .describe(
              'Names, or beginnings of names with `*` behind them; a lone `*` takes in objects without namespaces.',
            ),
        }),
        'clusterNames',
        'clusterSelector',
      ),
    )
      .default([])
      .describe('Where its objects, and the Apps themselves by their namespace, may be.'),
    rules: listOf(
      z.strictObject({
        apiGroups: listOf(z.string()).min(1, 'must not be empty'),
        resources: listOf(Text).min(1, 'must not be empty'),
      }),
    )
      .default([])
      .describe('Kinds it may have, as in RBAC; `*` never includes RBAC itself, CRDs, webhooks and namespaces.'),
    copies: listOf(
      z.strictObject({
        cluster: Name,
        namespace: Label,
        kind: Text,
        names: listOf(z.string(), 1_000).default([]).describe('Every name when empty.'),
      }),
    )
      .default([])
      .describe('Objects it may copy from elsewhere.'),
  }),
  'What a repository may do. Only in repositories that the settings mark `role: operator`.',
);

export const Acknowledgement = manifest(
  'Acknowledgement',
  z.strictObject({
    commit: Commit.describe('The commit that deletes.'),
    deletes: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, 'must be the digest that `landfall plan` prints')
      .describe('The digest of the set, as `landfall plan` prints it; valid while the set is the same.'),
  }),
  "A person's yes to a set of deletions.",
);
