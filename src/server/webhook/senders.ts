/** Who sends webhooks: for each kind of forge how it proves itself, where it names an event, and what its words mean. */
import { asAzure, asBitbucketCloud, asBitbucketServer, asGeneric, asGithub, asGitlab, type Reading } from './news.ts';
import type { Proof } from './proof.ts';

export type Sender = {
  /** Any of them is enough. */
  readonly proofs: readonly Proof[];
  /** The header that names the event; absent where the body does. */
  readonly event?: string;
  /** The header that names a delivery, so that one that is sent again is known. */
  readonly delivery?: string;
  readonly read: Reading;
};

const signed = (header: string, prefix = 'sha256='): Proof => ({ kind: 'signature', header, prefix });

const gitea: Sender = {
  proofs: [signed('x-hub-signature-256'), signed('x-gitea-signature', '')],
  event: 'x-gitea-event',
  delivery: 'x-gitea-delivery',
  read: asGithub,
};

/** By the last part of the route's path. */
export const senders: Readonly<Record<string, Sender>> = {
  github: {
    proofs: [signed('x-hub-signature-256')],
    event: 'x-github-event',
    delivery: 'x-github-delivery',
    read: asGithub,
  },
  gitlab: {
    proofs: [{ kind: 'token', header: 'x-gitlab-token' }],
    event: 'x-gitlab-event',
    delivery: 'x-gitlab-event-uuid',
    read: asGitlab,
  },
  gitea,
  // Forgejo keeps Gitea's names beside its own.
  forgejo: gitea,
  bitbucket: {
    proofs: [signed('x-hub-signature')],
    event: 'x-event-key',
    delivery: 'x-request-uuid',
    read: asBitbucketCloud,
  },
  'bitbucket-server': {
    proofs: [signed('x-hub-signature')],
    event: 'x-event-key',
    delivery: 'x-request-id',
    read: asBitbucketServer,
  },
  // It signs nothing and numbers nothing in its headers.
  'azure-devops': { proofs: [{ kind: 'password' }], read: asAzure },
  generic: { proofs: [signed('x-hub-signature-256')], delivery: 'x-request-id', read: asGeneric },
};
