/** What a delivery of a webhook says, whichever forge sent it. */
import { at, isArray, type Json, textOf } from '../../core/json/value.ts';

export type News =
  | {
      readonly kind: 'push';
      readonly repository: readonly string[];
      /** Those that have another head now. */
      readonly branches: readonly string[];
    }
  | { readonly kind: 'pullRequest'; readonly repository: readonly string[] }
  /** Of no interest: a ping, an issue, a tag. */
  | { readonly kind: 'other' };

/** `repository`: names and addresses of it, any of which may be how the settings call it. */
export type Reading = (event: string, body: Json) => News;

const other: News = { kind: 'other' };

const texts = (...values: readonly (Json | undefined)[]): readonly string[] =>
  values.flatMap((value) => textOf(value) ?? []).filter((text) => text !== '');

const branchOf = (ref: Json | undefined): readonly string[] => {
  const text = textOf(ref) ?? '';
  return text.startsWith('refs/heads/') ? [text.slice('refs/heads/'.length)] : [];
};

const push = (repository: readonly string[], branches: readonly string[]): News =>
  branches.length === 0 ? other : { kind: 'push', repository, branches };

const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);

/** GitHub, and Gitea, which speaks as GitHub does. Source: docs.github.com/en/webhooks/webhook-events-and-payloads. */
export const asGithub: Reading = (event, body) => {
  const its = at(body, 'repository');
  const names = texts(at(its, 'full_name'), at(its, 'clone_url'), at(its, 'ssh_url'));
  if (event === 'push') return push(names, branchOf(at(body, 'ref')));
  return event === 'pull_request' ? { kind: 'pullRequest', repository: names } : other;
};

/** Source: docs.gitlab.com/user/project/integrations/webhook_events. */
export const asGitlab: Reading = (_event, body) => {
  const its = at(body, 'project');
  const names = texts(at(its, 'path_with_namespace'), at(its, 'git_http_url'), at(its, 'git_ssh_url'));
  const what = textOf(at(body, 'object_kind'));
  if (what === 'push') return push(names, branchOf(at(body, 'ref')));
  return what === 'merge_request' ? { kind: 'pullRequest', repository: names } : other;
};

/** Source: support.atlassian.com/bitbucket-cloud/docs/event-payloads. */
export const asBitbucketCloud: Reading = (event, body) => {
  const its = at(body, 'repository');
  const names = texts(at(its, 'full_name'), at(its, 'links', 'html', 'href'));
  if (event.startsWith('pullrequest:')) return { kind: 'pullRequest', repository: names };
  const refs = listOf(at(body, 'push', 'changes')).flatMap((change) => [at(change, 'new'), at(change, 'old')]);
  const branches = refs.flatMap((ref) => (textOf(at(ref, 'type')) === 'branch' ? texts(at(ref, 'name')) : []));
  return event === 'repo:push' ? push(names, [...new Set(branches)]) : other;
};

/** Source: confluence.atlassian.com/bitbucketserver, "Event payload". */
export const asBitbucketServer: Reading = (event, body) => {
  const namesOf = (its: Json | undefined): readonly string[] => {
    const [key, slug] = [textOf(at(its, 'project', 'key')), textOf(at(its, 'slug'))];
    return key === undefined || slug === undefined ? [] : [`${key}/${slug}`];
  };
  if (event.startsWith('pr:'))
    return { kind: 'pullRequest', repository: namesOf(at(body, 'pullRequest', 'toRef', 'repository')) };
  const branches = listOf(at(body, 'changes')).flatMap((change) => branchOf(at(change, 'ref', 'id')));
  return event === 'repo:refs_changed' ? push(namesOf(at(body, 'repository')), branches) : other;
};

/** Source: learn.microsoft.com/en-us/azure/devops/service-hooks/events. */
export const asAzure: Reading = (_event, body) => {
  const resource = at(body, 'resource');
  const its = at(resource, 'repository');
  const [project, name] = [textOf(at(its, 'project', 'name')), textOf(at(its, 'name'))];
  const names = texts(at(its, 'remoteUrl'), at(its, 'sshUrl'));
  const all = project === undefined || name === undefined ? names : [...names, `${project}/${name}`];
  const type = textOf(at(body, 'eventType')) ?? '';
  if (type.startsWith('git.pullrequest.')) return { kind: 'pullRequest', repository: all };
  const branches = listOf(at(resource, 'refUpdates')).flatMap((update) => branchOf(at(update, 'name')));
  return type === 'git.push' ? push(all, branches) : other;
};

/** Landfall's own, for whatever else can send a request: `{"repository": "fleet", "ref": "refs/heads/main"}`. */
export const asGeneric: Reading = (_event, body) => {
  const repository = texts(at(body, 'repository'));
  if (at(body, 'ref') === undefined) return { kind: 'pullRequest', repository };
  return push(repository, branchOf(at(body, 'ref')));
};
