/** Protects: of all the ways to write a base, only those that stay what they are pass without a question. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { baseAt, chartAt, gitListing, refuseMoving } from '../../../src/edge/render-tool/revision.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';

/** `fixed`, `unfixed`, or the repository and the revision that Git is asked for. */
const bases: readonly (readonly [written: string, place: string])[] = [
  [`https://git.example.com/team/bases//page?ref=${commit}`, 'fixed'],
  [`https://git.example.com/team/bases//page?version=${commit}`, 'fixed'],
  [
    `https://git.example.com/team/bases//page?ref=${commit.slice(0, 12)}`,
    'https://git.example.com/team/bases 0123456789ab',
  ],
  ['https://git.example.com/team/bases//page?ref=v1', 'https://git.example.com/team/bases v1'],
  ['https://git.example.com/team/bases//page', 'https://git.example.com/team/bases HEAD'],
  ['https://git.example.com/team/bases/page/deep?ref=v1', 'https://git.example.com/team/bases v1'],
  ['https://git.example.com/group/sub/bases.git/page?ref=v1', 'https://git.example.com/group/sub/bases.git v1'],
  [
    'https://git.example.com/group/sub/bases.git//page?timeout=9&ref=v1',
    'https://git.example.com/group/sub/bases.git v1',
  ],
  ['https://dev.example.com/org/project/_git/bases/page?ref=v1', 'https://dev.example.com/org/project/_git/bases v1'],
  ['github.com/team/bases?ref=v1', 'https://github.com/team/bases v1'],
  // Kustomize believes nothing of a query that it cannot read.
  [`https://git.example.com/team/bases?ref=${commit}&timeout=%zz`, 'https://git.example.com/team/bases HEAD'],
  [`https://git.example.com/team/bases?ref=main&version=${commit}`, 'https://git.example.com/team/bases main'],
  ['https://files.example.com/team/v1.2.3/all.yaml', 'fixed'],
  [`page.yaml=https://files.example.com/team/${commit}/all.yaml`, 'fixed'],
  ['https://files.example.com/team/main/all.yaml', 'unfixed'],
  ['https://127.0.0.1/team/latest/all.yaml', 'unfixed'],
  ['https://files.example.com/team/repo/raw/all.yaml?ref=main', 'https://files.example.com/team/repo main'],
  ['https://git.example.com', 'unfixed'],
];

for (const [written, expected] of bases)
  test(`baseAt: ${written}`, () => {
    const place = baseAt(written);
    equal(place.kind === 'git' ? `${place.git.url} ${place.git.revision ?? 'HEAD'}` : place.kind, expected);
  });

test('refuseMoving: only what has the very name counts, and a tag goes before a branch', () => {
  const place = chartAt({ kind: 'git', url: 'https://git.example.com/charts', revision: 'v1', folder: 'web' });
  if (place.kind !== 'git') throw new Error(place.kind);
  deepEqual(gitListing(place.git).slice(-4), ['v1', 'refs/v1', 'refs/tags/v1', 'refs/heads/v1']);
  const branch = `${commit}\trefs/heads/v1\n`;
  equal(refuseMoving(place.git, `${branch}${commit}\trefs/tags/v1\n`), undefined);
  match(refuseMoving(place.git, `${branch}${commit}\trefs/tags/old/v1\n`)?.hint ?? '', new RegExp(`commit ${commit}`));
  equal(refuseMoving(place.git, `${commit}\trefs/heads/team/refs/tags/v1\n`)?.mayPass, true);
});
