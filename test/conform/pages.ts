/** Lists in pages: limits, tokens, and tokens that have grown too old. */
import { deepEqual, equal } from 'node:assert/strict';
import { parseJson } from '../../src/core/json/text.ts';
import { at, type JsonObject } from '../../src/core/json/value.ts';
import { answered, type Case, namesOf, refused, type Theme, versionOf } from './case.ts';
import { here, seed, tiers } from './labelled.ts';

const continueOf = (list: JsonObject): string => String(at(list, 'metadata', 'continue'));

const cases: readonly Case[] = [
  {
    name: 'pages: limit, continue, remainingItemCount, one version for all',
    run: async (scope) => {
      const names = ['a', 'b', 'c', 'd', 'e'];
      for (const name of names) answered(201, await scope.api.create(`${scope.core}/secrets`, { metadata: { name } }));
      const path = `${scope.core}/secrets`;
      const first = answered(200, await scope.api.get(path, { limit: '2' }));
      deepEqual(namesOf(first), ['a', 'b']);
      equal(at(first, 'metadata', 'remainingItemCount'), 3);
      // What is written between pages is not in the pages that follow.
      answered(201, await scope.api.create(path, { metadata: { name: 'b1' } }));
      const second = answered(200, await scope.api.get(path, { limit: '2', continue: continueOf(first) }));
      deepEqual(namesOf(second), ['c', 'd']);
      equal(versionOf(second), versionOf(first));
      const third = answered(200, await scope.api.get(path, { limit: '2', continue: continueOf(second) }));
      deepEqual([namesOf(third), at(third, 'metadata', 'continue')], [['e'], undefined]);
      equal(at(third, 'metadata', 'remainingItemCount'), undefined);
    },
  },
  {
    name: 'pages with a selector do not count what remains',
    run: async (scope) => {
      await seed(scope, tiers);
      const path = `${scope.core}/configmaps`;
      const first = answered(200, await scope.api.get(path, { ...here, limit: '3' }));
      deepEqual([namesOf(first), at(first, 'metadata', 'remainingItemCount')], [['a', 'b', 'c'], undefined]);
      const rest = answered(200, await scope.api.get(path, { ...here, limit: '3', continue: continueOf(first) }));
      deepEqual(namesOf(rest), ['d']);
    },
  },
  {
    name: 'a limit that all fit in gives no token',
    run: async (scope) => {
      await seed(scope, tiers);
      const list = answered(200, await scope.api.get(`${scope.core}/configmaps`, { ...here, limit: '500' }));
      equal(at(list, 'metadata', 'continue'), undefined);
    },
  },
  {
    name: 'a token does not go with a version',
    run: async (scope) => {
      await seed(scope, tiers);
      const path = `${scope.core}/configmaps`;
      const first = answered(200, await scope.api.get(path, { limit: '1' }));
      const query = { limit: '1', continue: continueOf(first), resourceVersion: versionOf(first) };
      refused(400, await scope.api.get(path, query), {
        reason: 'BadRequest',
        message: 'specifying resource version is not allowed when using continue',
      });
    },
  },
  {
    name: '410 for a token of a forgotten version, with a token to go on with all the same',
    run: async (scope) => {
      await seed(scope, tiers);
      const path = `${scope.core}/configmaps`;
      const first = answered(200, await scope.api.get(path, { ...here, limit: '2' }));
      const token = parseJson(Buffer.from(continueOf(first), 'base64').toString()) as JsonObject;
      equal(token.rv, Number(versionOf(first)));
      const old = Buffer.from(JSON.stringify({ ...token, rv: 1 })).toString('base64url');
      const said = refused(410, await scope.api.get(path, { ...here, limit: '2', continue: old }), {
        reason: 'Expired',
        message: /^The provided continue parameter is too old to display a consistent list result\./,
      });
      const rest = answered(200, await scope.api.get(path, { ...here, continue: continueOf(said) }));
      deepEqual(namesOf(rest), ['c', 'd']);
    },
  },
];

export const pages: Theme = { name: 'pages', cases };
