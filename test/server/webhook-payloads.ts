/** What forges send, with the fields and headers that their documentation shows; what is of no interest is left out. */
import type { Proof } from '../../src/server/webhook/proof.ts';

export type Payload = {
  readonly forge: string;
  readonly name: string;
  readonly proof: Proof;
  /** The repository as the settings have it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
  /** `all`: the branch that is followed, and the pull requests. */
  readonly wakes: 'all' | 'pulls' | 'none';
};

const signature = (header: string, prefix = 'sha256='): Proof => ({ kind: 'signature', header, prefix });
const before = '95790bf891e76fee5e1747ab589903a6a1f80f22';
const after = 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7';

const githubRepository = {
  id: 35129377,
  full_name: 'Team/Fleet',
  html_url: 'https://github.com/Team/Fleet',
  clone_url: 'https://github.com/Team/Fleet.git',
  ssh_url: 'git@github.com:Team/Fleet.git',
  default_branch: 'main',
};
const github = {
  forge: 'github',
  proof: signature('x-hub-signature-256'),
  url: 'https://github.com/team/fleet.git',
};
const githubHeaders = (event: string) => ({
  'x-github-event': event,
  'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  'x-github-hook-id': '292430182',
  'user-agent': 'GitHub-Hookshot/044aadd',
  'content-type': 'application/json',
});
const giteaRepository = {
  id: 1,
  full_name: 'team/fleet',
  html_url: 'http://gitea:3000/team/fleet',
  clone_url: 'http://gitea:3000/team/fleet.git',
  ssh_url: 'git@gitea:team/fleet.git',
};
const giteaHeaders = (event: string) => ({
  'x-gitea-event': event,
  'x-gitea-event-type': event,
  'x-gitea-delivery': 'f6266f16-1bf3-46a5-9ea4-602e06ead473',
  'x-github-event': event,
  'content-type': 'application/json',
});
const gitlabProject = {
  id: 15,
  path_with_namespace: 'group/sub/fleet',
  git_http_url: 'https://gitlab.example.com/group/sub/fleet.git',
  git_ssh_url: 'git@gitlab.example.com:group/sub/fleet.git',
};
const gitlabHeaders = (event: string) => ({
  'x-gitlab-event': event,
  'x-gitlab-event-uuid': '13792a34-cac6-4fda-95a8-c58e00a3954e',
  'content-type': 'application/json',
});
const gitlab = {
  forge: 'gitlab',
  proof: { kind: 'token', header: 'x-gitlab-token' },
  url: 'git@gitlab.example.com:group/sub/fleet.git',
} as const;
const cloud = {
  forge: 'bitbucket',
  proof: signature('x-hub-signature'),
  url: 'https://bitbucket.org/team/fleet.git',
};
const cloudHeaders = (event: string) => ({
  'x-event-key': event,
  'x-request-uuid': '9a9ad1a4-9ba8-4f1e-a4c5-3c1d4fdb9d2e',
  'x-hook-uuid': '{a4b1}',
});
const cloudRepository = {
  full_name: 'team/fleet',
  links: { html: { href: 'https://bitbucket.org/team/fleet' } },
};
const branchNamed = (name: string) => ({ type: 'branch', name, target: { hash: after } });
const server = {
  forge: 'bitbucket-server',
  proof: signature('x-hub-signature'),
  url: 'ssh://git@bitbucket.example.com:7999/team/fleet.git',
};
const serverRepository = { slug: 'fleet', id: 84, name: 'Fleet', project: { key: 'TEAM', id: 84 } };
const azure = {
  forge: 'azure-devops',
  proof: { kind: 'password' },
  url: 'https://dev.azure.com/acme/Team%20One/_git/fleet',
} as const;
const azureRepository = {
  id: '278d5cd2-584d-4b63-824a-2ba458937249',
  name: 'fleet',
  project: { id: '6ce954b1', name: 'Team One' },
  remoteUrl: 'https://acme@dev.azure.com/acme/Team%20One/_git/fleet',
};
const azureBody = (eventType: string, resource: object) => ({
  subscriptionId: '7b2b9d2f',
  notificationId: 3,
  id: '03c164c2-8912-4d5e-8009-3707d5f83734',
  eventType,
  publisherId: 'tfs',
  resource: { repository: azureRepository, ...resource },
});

export const payloads: readonly Payload[] = [
  {
    ...github,
    name: 'a push to the branch that is followed',
    headers: githubHeaders('push'),
    body: { ref: 'refs/heads/main', before, after, repository: githubRepository, commits: [] },
    wakes: 'all',
  },
  {
    ...github,
    name: 'a push to another branch',
    headers: githubHeaders('push'),
    body: { ref: 'refs/heads/feature/main', before, after, repository: githubRepository },
    wakes: 'pulls',
  },
  {
    ...github,
    name: 'a tag',
    headers: githubHeaders('push'),
    body: { ref: 'refs/tags/main', before, after, repository: githubRepository },
    wakes: 'none',
  },
  {
    ...github,
    name: 'a pull request',
    headers: githubHeaders('pull_request'),
    body: { action: 'synchronize', number: 2, pull_request: { id: 279147437 }, repository: githubRepository },
    wakes: 'all',
  },
  {
    ...github,
    name: 'a ping',
    headers: githubHeaders('ping'),
    body: { zen: 'Keep it logically awesome.', hook_id: 1, repository: githubRepository },
    wakes: 'none',
  },
  {
    ...gitlab,
    name: 'a push',
    headers: gitlabHeaders('Push Hook'),
    body: { object_kind: 'push', event_name: 'push', before, after, ref: 'refs/heads/main', project: gitlabProject },
    wakes: 'all',
  },
  {
    ...gitlab,
    name: 'a merge request',
    headers: gitlabHeaders('Merge Request Hook'),
    body: { object_kind: 'merge_request', project: gitlabProject, object_attributes: { iid: 1, action: 'update' } },
    wakes: 'all',
  },
  {
    ...gitlab,
    name: 'an issue',
    headers: gitlabHeaders('Issue Hook'),
    body: { object_kind: 'issue', project: gitlabProject },
    wakes: 'none',
  },
  {
    forge: 'gitea',
    proof: signature('x-gitea-signature', ''),
    url: 'http://127.0.0.1:3000/team/fleet.git',
    name: 'a push, seen at another address than its own',
    headers: giteaHeaders('push'),
    body: { ref: 'refs/heads/main', before, after, repository: giteaRepository, pusher: { login: 'ann' } },
    wakes: 'all',
  },
  {
    forge: 'forgejo',
    proof: signature('x-hub-signature-256'),
    url: 'ssh://git@forgejo.example.com:2222/team/fleet.git',
    name: 'a pull request',
    headers: giteaHeaders('pull_request'),
    body: { action: 'opened', number: 1, pull_request: { id: 1 }, repository: giteaRepository },
    wakes: 'all',
  },
  {
    ...cloud,
    name: 'a push',
    headers: cloudHeaders('repo:push'),
    body: {
      repository: cloudRepository,
      push: { changes: [{ new: branchNamed('main'), old: branchNamed('main'), forced: false }] },
    },
    wakes: 'all',
  },
  {
    ...cloud,
    name: 'a branch that is gone',
    headers: cloudHeaders('repo:push'),
    body: { repository: cloudRepository, push: { changes: [{ new: null, old: branchNamed('feature') }] } },
    wakes: 'pulls',
  },
  {
    ...cloud,
    name: 'a pull request',
    headers: cloudHeaders('pullrequest:fulfilled'),
    body: { repository: cloudRepository, pullrequest: { id: 1 } },
    wakes: 'all',
  },
  {
    ...server,
    name: 'a push',
    headers: { 'x-event-key': 'repo:refs_changed', 'x-request-id': '0dcbc0c1' },
    body: {
      eventKey: 'repo:refs_changed',
      repository: serverRepository,
      changes: [{ ref: { id: 'refs/heads/main', displayId: 'main', type: 'BRANCH' }, type: 'UPDATE' }],
    },
    wakes: 'all',
  },
  {
    ...server,
    url: 'https://bitbucket.example.com/scm/team/fleet.git',
    name: 'a pull request',
    headers: { 'x-event-key': 'pr:from_ref_updated', 'x-request-id': '0dcbc0c2' },
    body: { eventKey: 'pr:from_ref_updated', pullRequest: { id: 1, toRef: { repository: serverRepository } } },
    wakes: 'all',
  },
  {
    ...server,
    name: 'a test of the connection',
    headers: { 'x-event-key': 'diagnostics:ping', 'x-request-id': '0dcbc0c3' },
    body: { test: true },
    wakes: 'none',
  },
  {
    ...azure,
    name: 'a push',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: azureBody('git.push', {
      refUpdates: [{ name: 'refs/heads/main', oldObjectId: before, newObjectId: after }],
    }),
    wakes: 'all',
  },
  {
    ...azure,
    url: 'git@ssh.dev.azure.com:v3/acme/Team%20One/fleet',
    name: 'a pull request',
    headers: {},
    body: azureBody('git.pullrequest.updated', { pullRequestId: 1, status: 'active' }),
    wakes: 'all',
  },
  {
    forge: 'generic',
    proof: signature('x-hub-signature-256'),
    url: '/srv/git/fleet.git',
    name: 'a push, by the name that the settings have',
    headers: {},
    body: { repository: 'repository-2', ref: 'refs/heads/main' },
    wakes: 'all',
  },
  {
    forge: 'generic',
    proof: signature('x-hub-signature-256'),
    url: 'ssh://git@git.example.com/team/fleet.git',
    name: 'whatever has changed, by address',
    headers: { 'x-request-id': '1' },
    body: { repository: 'https://git.example.com/team/fleet' },
    wakes: 'all',
  },
];
