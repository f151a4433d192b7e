/** Protects: a component of this very repository is made from the same commit, however its address is written. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { isSameRepository } from '../../../../src/core/dialect/kubevela/repository.ts';

const own = 'https://git.example.com/team/fleet.git';
const cases: readonly (readonly [string, boolean])[] = [
  ['https://git.example.com/team/fleet', true],
  ['https://git.example.com/team/fleet/', true],
  ['https://user:token@git.example.com/team/fleet.git', true],
  ['ssh://git@git.example.com/team/fleet.git', true],
  ['git@git.example.com:team/fleet.git', true],
  ['https://GIT.example.com/team/fleet', true],
  ['https://git.example.com/team/fleet-2', false],
  ['https://git.example.org/team/fleet', false],
  ['https://git.example.com:8443/team/fleet', false],
];

for (const [url, isSame] of cases) test(`isSameRepository: ${url}`, () => equal(isSameRepository(url, own), isSame));
