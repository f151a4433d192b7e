/** Lists: selectors, pages, and which version an answer may be of. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { answered, type Case, itemsOf, nameOf, namesOf, refused, type Theme, versionOf } from './case.ts';
import type { Query } from './client.ts';
import { here, seed, tiers } from './labelled.ts';

const labelSelectors: readonly (readonly [string, readonly string[]])[] = [
  ['tier=web', ['a', 'd']],
  ['tier==web', ['a', 'd']],
  ['tier!=web', ['b', 'c']],
  ['tier', ['a', 'b', 'd']],
  ['!tier', ['c']],
  ['tier in (web, db)', ['a', 'b', 'd']],
  ['tier notin (web)', ['b', 'c']],
  ['tier=web,!beta', ['a']],
  ['beta=', ['d']],
  ['tier in (web),beta', ['d']],
];

const fieldSelectors: readonly (readonly [string, readonly string[]])[] = [
  ['metadata.name=b', ['b']],
  ['metadata.name==b', ['b']],
  ['metadata.name!=b', ['a', 'c', 'd']],
  ['metadata.name!=a,metadata.name!=b', ['c', 'd']],
];

const badQueries: readonly { readonly name: string; readonly query: Query; readonly message: string }[] = [
  {
    name: 'a label selector that cannot be read',
    query: { labelSelector: 'a in b' },
    message: `unable to parse requirement: found 'b' expected: '('`,
  },
  {
    name: 'a field that cannot be selected by',
    query: { fieldSelector: 'data.a=b' },
    message: '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
  },
  {
    name: 'a version that is no number',
    query: { resourceVersion: 'abc' },
    message:
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
  },
  {
    name: 'a continue token that is none',
    query: { continue: 'b' },
    message: 'invalid continue token: continue key is not valid: illegal base64 data at input byte 0',
  },
];

const cases: readonly Case[] = [
  {
    name: 'label selectors',
    run: async (scope) => {
      await seed(scope, tiers);
      for (const [selector, names] of labelSelectors) {
        const query = { labelSelector: `made=here,${selector}` };
        deepEqual(namesOf(answered(200, await scope.api.get(`${scope.core}/configmaps`, query))), names, selector);
      }
    },
  },
  {
    name: 'field selectors',
    run: async (scope) => {
      await seed(scope, tiers);
      for (const [fieldSelector, names] of fieldSelectors) {
        const query = { ...here, fieldSelector };
        deepEqual(namesOf(answered(200, await scope.api.get(`${scope.core}/configmaps`, query))), names, fieldSelector);
      }
      const across = { fieldSelector: `metadata.name=b,metadata.namespace=${scope.namespace}` };
      deepEqual(namesOf(answered(200, await scope.api.get('/api/v1/configmaps', across))), ['b']);
    },
  },
  ...badQueries.map(
    ({ name, query, message }): Case => ({
      name: `400 for ${name}`,
      run: async ({ api, core }) => {
        refused(400, await api.get(`${core}/configmaps`, query), { reason: 'BadRequest', message });
      },
    }),
  ),
  {
    name: 'order is by namespace and name, and a list has a version',
    run: async (scope) => {
      const last = await seed(scope, { b: {}, c: {}, a: {} });
      const list = answered(200, await scope.api.get(`${scope.core}/configmaps`, here));
      deepEqual(itemsOf(list).map(nameOf), ['a', 'b', 'c']);
      ok(BigInt(versionOf(list)) >= BigInt(versionOf(last)));
    },
  },
  {
    name: 'an empty list is an empty list, not null',
    run: async ({ api, core }) => {
      const list = answered(200, await api.get(`${core}/configmaps`, { labelSelector: 'made=nowhere' }));
      deepEqual(list.items, []);
    },
  },
  {
    name: 'version 0 takes any age, an exact version gives that past',
    run: async (scope) => {
      const path = `${scope.core}/secrets`;
      const first = answered(201, await scope.api.create(path, { metadata: { name: 'a' } }));
      answered(201, await scope.api.create(path, { metadata: { name: 'b' } }));
      const exact = { resourceVersion: versionOf(first), resourceVersionMatch: 'Exact' };
      const past = answered(200, await scope.api.get(path, exact));
      deepEqual([namesOf(past), versionOf(past)], [['a'], versionOf(first)]);
      // Not older may be newer, as far as the server has come.
      const version = { resourceVersion: versionOf(first) };
      for (const query of [version, { ...version, resourceVersionMatch: 'NotOlderThan' }]) {
        const newer = answered(200, await scope.api.get(path, query));
        equal(namesOf(newer)[0], 'a');
        ok(BigInt(versionOf(newer)) >= BigInt(versionOf(first)));
      }
      answered(200, await scope.api.get(path, { resourceVersion: '0' }));
      answered(200, await scope.api.get(`${path}/a`, { resourceVersion: '0' }));
    },
  },
  {
    name: '410 for an exact version that is forgotten',
    run: async ({ api, core }) => {
      const query = { resourceVersion: '1', resourceVersionMatch: 'Exact' };
      refused(410, await api.get(`${core}/secrets`, query), {
        reason: 'Expired',
        message: 'The resourceVersion for the provided list is too old.',
      });
    },
  },
  {
    name: '504 for a version of the future',
    run: async ({ api, core }) => {
      const query = { resourceVersion: '99999999' };
      refused(504, await api.get(`${core}/configmaps`, query), {
        reason: 'Timeout',
        message: /^Timeout: Too large resource version: 99999999, current: \d+$/,
        details: {
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
          retryAfterSeconds: 1,
        },
      });
    },
  },
  {
    name: '422 for a match without a version, or of no known kind',
    run: async ({ api, core }) => {
      const bad = [
        [
          { resourceVersionMatch: 'Exact' },
          'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
        ],
        [
          { resourceVersionMatch: 'Near', resourceVersion: '5' },
          'Unsupported value: "Near": supported values: "Exact", "NotOlderThan", ""',
        ],
      ] as const;
      for (const [query, message] of bad) {
        refused(422, await api.get(`${core}/configmaps`, query), {
          reason: 'Invalid',
          message: `ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: ${message}`,
          details: { group: 'meta.k8s.io', kind: 'ListOptions', causes: [{ field: 'resourceVersionMatch', message }] },
        });
      }
    },
  },
];

export const list: Theme = { name: 'list', cases };
