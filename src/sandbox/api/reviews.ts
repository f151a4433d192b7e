/** Kinds that are questions rather than objects: may I, who am I, is this token good. */

import { parseJson } from '../../core/json/text.ts';
import { at, isArray, isObject, type JsonObject, textOf } from '../../core/json/value.ts';
import type { Authorizer } from '../rbac/authorizer.ts';
import { type Act, ruleJson } from '../rbac/rules.ts';
import { type User, userNamed } from '../registry/user.ts';
import { answerJson, bodyText } from './call.ts';
import type { ApiAnswer, ApiRequest } from './exchange.ts';
import type { Tokens } from './identity.ts';
import { badRequest } from './refusals.ts';

export type Questioner = {
  readonly request: ApiRequest;
  readonly user: User;
  readonly authorizer: Authorizer;
  readonly tokens: Tokens;
  readonly namespace: string;
};
type Review = (asker: Questioner, spec: JsonObject) => JsonObject;

/** By resource; the answer is the question with a status. */
const reviews: Readonly<Record<string, Review>> = {
  'selfsubjectaccessreviews.authorization.k8s.io': ({ user, authorizer }, spec) => accessOf(authorizer, user, spec),
  'subjectaccessreviews.authorization.k8s.io': ({ authorizer }, spec) => accessOf(authorizer, subjectIn(spec), spec),
  'localsubjectaccessreviews.authorization.k8s.io': ({ authorizer }, spec) =>
    accessOf(authorizer, subjectIn(spec), spec),
  'selfsubjectrulesreviews.authorization.k8s.io': ({ user, authorizer }, spec) => {
    const rules = authorizer.rulesOf(user, textOf(spec.namespace) ?? '');
    const isPath = (rule: (typeof rules)[number]): boolean => rule.nonResourceURLs.length > 0;
    return {
      resourceRules: rules.filter((rule) => !isPath(rule)).map(ruleJson),
      nonResourceRules: rules.filter(isPath).map(ruleJson),
      incomplete: false,
    };
  },
  'selfsubjectreviews.authentication.k8s.io': ({ user }) => ({ userInfo: userInfo(user) }),
  'tokenreviews.authentication.k8s.io': ({ tokens }, spec) => {
    const token = textOf(spec.token) ?? '';
    const user = tokens.fixed?.get(token) ?? tokens.issued.get(token);
    return user === undefined
      ? { user: {}, error: 'invalid bearer token' }
      : { authenticated: true, user: userInfo(user) };
  },
};

export const isReview = (id: string): boolean => Object.hasOwn(reviews, id);

export function answerReview(asker: Questioner, id: string, apiVersion: string, kind: string): ApiAnswer {
  const question = readQuestion(asker.request);
  const spec = isObject(question.spec) ? question.spec : {};
  const metadata = isObject(question.metadata) ? question.metadata : {};
  const status = reviews[id]?.(asker, spec) ?? {};
  return answerJson(201, { kind, apiVersion, metadata, ...(Object.keys(spec).length === 0 ? {} : { spec }), status });
}

function readQuestion(request: ApiRequest): JsonObject {
  try {
    const body = parseJson(bodyText(request));
    if (isObject(body)) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest("couldn't get version/kind; json parse error");
}

function accessOf(authorizer: Authorizer, user: User, spec: JsonObject): JsonObject {
  const act = actIn(spec);
  if (act === undefined)
    throw badRequest('exactly one of nonResourceAttributes or resourceAttributes must be specified');
  const { isAllowed, why } = authorizer.decide(user, act);
  return { allowed: isAllowed, ...(why === '' ? {} : { reason: why }) };
}

function actIn({ resourceAttributes: resource, nonResourceAttributes: path }: JsonObject): Act | undefined {
  const read = (field: string): string => textOf(at(resource, field)) ?? '';
  if (isObject(path)) return { kind: 'path', verb: textOf(path.verb) ?? '', path: textOf(path.path) ?? '' };
  if (!isObject(resource)) return undefined;
  return {
    kind: 'resource',
    verb: read('verb'),
    group: read('group'),
    resource: read('resource'),
    subresource: read('subresource'),
    namespace: read('namespace'),
    name: read('name'),
  };
}

function subjectIn(spec: JsonObject): User {
  const groups = isArray(spec.groups) ? spec.groups.flatMap((each) => textOf(each) ?? []) : [];
  return { ...userNamed(textOf(spec.user) ?? ''), groups };
}

const userInfo = ({ name, uid, groups, extra }: User): JsonObject => ({
  username: name,
  ...(uid === '' ? {} : { uid }),
  groups,
  ...(Object.keys(extra).length === 0 ? {} : { extra }),
});
