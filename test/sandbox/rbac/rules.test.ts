/** What a rule allows, and who may give it away. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { type Act, allows, missingFrom, type Rule, readRules } from '../../../src/sandbox/rbac/rules.ts';

const rule = (more: Partial<Rule>): Rule => ({
  verbs: ['get'],
  apiGroups: [''],
  resources: ['pods'],
  resourceNames: [],
  nonResourceURLs: [],
  ...more,
});
const act = (more: Partial<Extract<Act, { kind: 'resource' }>>): Act => ({
  kind: 'resource',
  verb: 'get',
  group: '',
  resource: 'pods',
  subresource: '',
  namespace: 'a',
  name: 'p',
  ...more,
});

const cases: readonly {
  readonly name: string;
  readonly rule: Partial<Rule>;
  readonly act: Act;
  readonly isAllowed: boolean;
}[] = [
  { name: 'its verb, group and resource', rule: {}, act: act({}), isAllowed: true },
  { name: 'another verb', rule: {}, act: act({ verb: 'list' }), isAllowed: false },
  { name: 'any verb', rule: { verbs: ['*'] }, act: act({ verb: 'list' }), isAllowed: true },
  { name: 'another group', rule: {}, act: act({ group: 'apps' }), isAllowed: false },
  { name: 'any group', rule: { apiGroups: ['*'] }, act: act({ group: 'apps' }), isAllowed: true },
  { name: 'a subresource is not its resource', rule: {}, act: act({ subresource: 'log' }), isAllowed: false },
  {
    name: 'a subresource by name',
    rule: { resources: ['pods/log'] },
    act: act({ subresource: 'log' }),
    isAllowed: true,
  },
  {
    name: 'a subresource of anything',
    rule: { resources: ['*/log'] },
    act: act({ subresource: 'log' }),
    isAllowed: true,
  },
  {
    name: 'any resource, subresources too',
    rule: { resources: ['*'] },
    act: act({ subresource: 'log' }),
    isAllowed: true,
  },
  { name: 'this name', rule: { resourceNames: ['p'] }, act: act({}), isAllowed: true },
  { name: 'another name', rule: { resourceNames: ['q'] }, act: act({}), isAllowed: false },
  {
    name: 'names do not allow a list',
    rule: { resourceNames: ['p'], verbs: ['list'] },
    act: act({ verb: 'list', name: '' }),
    isAllowed: false,
  },
  {
    name: 'a path',
    rule: { nonResourceURLs: ['/version'] },
    act: { kind: 'path', verb: 'get', path: '/version' },
    isAllowed: true,
  },
  {
    name: 'a path by its beginning',
    rule: { nonResourceURLs: ['/api/*'] },
    act: { kind: 'path', verb: 'get', path: '/api/v1' },
    isAllowed: true,
  },
  {
    name: 'resources allow no path',
    rule: { resources: ['*'] },
    act: { kind: 'path', verb: 'get', path: '/version' },
    isAllowed: false,
  },
];
for (const { name, rule: more, act: asked, isAllowed } of cases) {
  test(`allows: ${name}`, () => equal(allows(rule(more), asked), isAllowed));
}

test('missingFrom: verbs that are missing on one thing are told together', () => {
  const wanted = [rule({ verbs: ['get', 'list', 'watch'] }), rule({ resources: ['secrets'] })];
  deepEqual(missingFrom([rule({})], wanted), [rule({ verbs: ['list', 'watch'] }), rule({ resources: ['secrets'] })]);
});

test('missingFrom: several rules together may hold what one wants', () => {
  const held = [
    rule({ verbs: ['get'] }),
    rule({ verbs: ['list'] }),
    rule({ resources: ['*'], apiGroups: ['apps'], verbs: ['*'] }),
  ];
  deepEqual(
    missingFrom(held, [
      rule({ verbs: ['get', 'list'] }),
      rule({ apiGroups: ['apps'], resources: ['deployments/scale'] }),
    ]),
    [],
  );
});

test('missingFrom: all names are more than some', () => {
  deepEqual(missingFrom([rule({ resourceNames: ['p'] })], [rule({})]), [rule({})]);
  deepEqual(missingFrom([rule({})], [rule({ resourceNames: ['p'] })]), []);
});

test('readRules: what is no list of text is empty', () => {
  deepEqual(readRules([{ verbs: 'get', resources: ['pods', 1] }, 'no rule']), [
    { verbs: [], apiGroups: [], resources: ['pods'], resourceNames: [], nonResourceURLs: [] },
  ]);
  deepEqual(readRules(undefined), []);
});
