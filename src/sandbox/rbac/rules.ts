/** What one rule of a Role allows. Source: kubernetes/pkg/apis/rbac/v1/evaluation_helpers.go. */
import { isArray, isObject, type Json, type JsonObject, textOf } from '../../core/json/value.ts';

export type Rule = {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  /** `pods`, `pods/log`, `*`, or `*` and a subresource. */
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
};

/** What is asked for: an object, or a path of the server. */
export type Act =
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource: string;
      readonly namespace: string;
      /** Empty for a whole collection. */
      readonly name: string;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

export function readRules(rules: Json | undefined): readonly Rule[] {
  return (isArray(rules) ? rules : []).filter(isObject).map((rule) => ({
    verbs: texts(rule.verbs),
    apiGroups: texts(rule.apiGroups),
    resources: texts(rule.resources),
    resourceNames: texts(rule.resourceNames),
    nonResourceURLs: texts(rule.nonResourceURLs),
  }));
}

const texts = (value: Json | undefined): readonly string[] =>
  isArray(value) ? value.flatMap((each) => textOf(each) ?? []) : [];

/** As the API shows a rule; empty lists are left out. */
export function ruleJson(rule: Rule): JsonObject {
  return Object.fromEntries(Object.entries(rule).filter(([, list]) => list.length > 0));
}

export function allows(rule: Rule, act: Act): boolean {
  if (!has(rule.verbs, act.verb)) return false;
  if (act.kind === 'path') {
    return rule.nonResourceURLs.some((url) =>
      url.endsWith('*') ? act.path.startsWith(url.slice(0, -1)) : url === act.path,
    );
  }
  const wanted = act.subresource === '' ? act.resource : `${act.resource}/${act.subresource}`;
  return (
    has(rule.apiGroups, act.group) &&
    (has(rule.resources, wanted) || (act.subresource !== '' && rule.resources.includes(`*/${act.subresource}`))) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(act.name))
  );
}

/** What `wanted` allow and `held` together do not: one rule for each thing, with all verbs that are missing on it. */
export function missingFrom(held: readonly Rule[], wanted: readonly Rule[]): readonly Rule[] {
  const missing = wanted.flatMap(pieces).filter((piece) => !held.some((rule) => contains(rule, piece)));
  const things = Map.groupBy(missing, ({ verbs: _, ...thing }) => JSON.stringify(thing));
  return [...things.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, verbs: [first, ...others].flatMap(({ verbs }) => verbs) }],
  );
}

/** The rules that allow one thing each. */
function pieces(rule: Rule): readonly Rule[] {
  const none: readonly string[] = [];
  const names = rule.resourceNames.length === 0 ? [none] : rule.resourceNames.map((name) => [name]);
  const objects = rule.apiGroups.flatMap((group) =>
    rule.resources.flatMap((resource) =>
      rule.verbs.flatMap((verb) =>
        names.map((resourceNames) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          resourceNames,
          nonResourceURLs: none,
        })),
      ),
    ),
  );
  const paths = rule.nonResourceURLs.flatMap((url) =>
    rule.verbs.map((verb) => ({
      verbs: [verb],
      apiGroups: none,
      resources: none,
      resourceNames: none,
      nonResourceURLs: [url],
    })),
  );
  return [...objects, ...paths];
}

function contains(rule: Rule, piece: Rule): boolean {
  const isIn = (some: readonly string[], all: readonly string[]): boolean => some.every((each) => has(all, each));
  if (!isIn(piece.verbs, rule.verbs)) return false;
  if (piece.nonResourceURLs.length > 0) {
    return piece.nonResourceURLs.every((url) =>
      rule.nonResourceURLs.some((held) => held === url || (held.endsWith('*') && url.startsWith(held.slice(0, -1)))),
    );
  }
  const [resource = ''] = piece.resources;
  const slash = resource.indexOf('/');
  const anySubresource = slash === -1 ? undefined : `*${resource.slice(slash)}`;
  return (
    isIn(piece.apiGroups, rule.apiGroups) &&
    (has(rule.resources, resource) || (anySubresource !== undefined && rule.resources.includes(anySubresource))) &&
    (rule.resourceNames.length === 0 ||
      (piece.resourceNames.length > 0 && piece.resourceNames.every((name) => rule.resourceNames.includes(name))))
  );
}

const has = (list: readonly string[], wanted: string): boolean => list.includes('*') || list.includes(wanted);
