/** Protects: everybody who has brought something between two commits is named, on branches that were merged too. */
import { deepEqual } from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type CommitSha, commitSha } from '../../../src/core/model/id.ts';
import type { BuiltRepository } from '../../builder/git-repository.ts';
import { type World, worlds } from './worlds.ts';

const never = new AbortController().signal;
let seconds = 1_700_000_000;

type Written = {
  readonly files: Readonly<Record<string, string>>;
  readonly author: string;
  readonly committer?: string;
  readonly parents?: readonly string[];
  readonly message?: string;
};

function write(built: BuiltRepository, { files, author, committer = author, parents = [], message = 'x' }: Written) {
  const tree = built.tree(
    Object.entries(files).map(([name, text]) => ['100644', name, built.object('blob', Buffer.from(text))] as const),
  );
  seconds += 1;
  const head = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${author} <${author}> ${seconds} +0000`,
    `committer ${committer} <${committer}> ${seconds} +0000`,
  ];
  return commitSha(built.object('commit', Buffer.from(`${head.join('\n')}\n\n${message}\n`)));
}

function history(built: BuiltRepository): Readonly<Record<'base' | 'side' | 'main' | 'merge' | 'tip', CommitSha>> {
  const base = write(built, { files: { app: '1', pin: '1' }, author: 'ann@x' });
  const side = write(built, { files: { app: '2', pin: '1' }, author: 'Bob@x', committer: 'forge@x', parents: [base] });
  const main = write(built, { files: { app: '1', pin: '2' }, author: 'carl@x', parents: [base] });
  const merge = write(built, { files: { app: '2', pin: '2' }, author: 'dan@x', parents: [main, side] });
  const message = 'change\n\nCo-authored-by: Eve <eve@x>';
  const tip = write(built, { files: { app: '3', pin: '3' }, author: 'ann@x', parents: [merge], message });
  built.git('update-ref', 'refs/heads/main', tip);
  return { base, side, main, merge, tip };
}

for (const { name, start } of worlds.filter(({ name: way }) => way !== 'ssh')) {
  suite(`contributions: ${name}`, () => {
    let world: World;
    before(async () => {
      world = await start();
    });
    after(() => world.close());

    test('contributions: of merged branches too; a clean merge brings nothing of its own', async () => {
      const built = await world.create();
      const { base, tip } = history(built);
      const git = world.open(built);
      await git.head(never);
      await git.fetch(tip, never);
      const told = async (from: CommitSha | undefined, to: CommitSha): Promise<unknown> =>
        (await git.contributions(from, to, ['pin'], never))
          ?.map(({ authors, committer, touched, touchesMore }) =>
            [authors.join('+'), committer, touched.join(), touchesMore].join(' '),
          )
          .toSorted();
      const since = [
        'ann@x+eve@x ann@x pin true',
        'bob@x forge@x  true',
        'carl@x carl@x pin false',
        'dan@x dan@x  false',
      ];
      deepEqual(await told(base, tip), since);
      deepEqual(await told(undefined, tip), ['ann@x ann@x pin true', ...since].toSorted());
      deepEqual(await told(tip, tip), []);
    });
  });
}
