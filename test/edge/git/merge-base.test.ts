/** Where two branches part: what a pull request is laid over depends on it, so that a wrong answer merges wrongly. */
import { deepEqual } from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type CommitSha, commitSha } from '../../../src/core/model/id.ts';
import type { BuiltRepository } from '../../builder/git-repository.ts';
import { type World, worlds } from './worlds.ts';

const never = new AbortController().signal;

/** Shape: the two that are asked about; which is expected is Git's own answer. */
type Shape = (built: BuiltRepository) => readonly [CommitSha, CommitSha];

let seconds = 1_700_000_000;

/** Commits by their objects: Git would take a process for each. Shape: the last of them; the branch stands there. */
function line(built: BuiltRepository, branch: string, number: number, ...parents: readonly string[]): CommitSha {
  let last: readonly string[] = parents;
  for (let index = 0; index < number; index++) {
    const blob = built.object('blob', Buffer.from(`${branch} ${++seconds}`));
    const tree = built.tree([['100644', `${branch}.txt`, blob]]);
    const person = `Ann Author <ann@example.com> ${seconds} +0000`;
    const head = [
      `tree ${tree}`,
      ...last.map((parent) => `parent ${parent}`),
      `author ${person}`,
      `committer ${person}`,
    ];
    last = [built.object('commit', Buffer.from(`${head.join('\n')}\n\nchange\n`))];
  }
  const tip = commitSha(last[0]!);
  built.git('update-ref', `refs/heads/${branch}`, tip);
  return tip;
}

const shapes: readonly { readonly name: string; readonly shape: Shape }[] = [
  {
    name: 'two branches from one commit',
    shape: (built) => {
      const base = line(built, 'main', 3);
      return [line(built, 'topic', 2, base), line(built, 'main', 2, base)];
    },
  },
  {
    name: 'one is ahead of the other',
    shape: (built) => {
      const base = line(built, 'main', 2);
      return [line(built, 'topic', 3, base), base];
    },
  },
  {
    name: 'the branch was merged into the topic since: first parents alone would say the older one',
    shape: (built) => {
      const base = line(built, 'main', 2);
      const topic = line(built, 'topic', 2, base);
      const main = line(built, 'main', 2, base);
      return [line(built, 'topic', 2, topic, main), line(built, 'main', 2, main)];
    },
  },
  {
    name: 'the topic was merged into the branch, and goes on',
    shape: (built) => {
      const base = line(built, 'main', 2);
      const topic = line(built, 'topic', 2, base);
      return [line(built, 'topic', 2, topic), line(built, 'main', 2, line(built, 'main', 1, base), topic)];
    },
  },
  {
    name: 'further back than the first look',
    shape: (built) => {
      const base = line(built, 'main', 1);
      return [line(built, 'topic', 3, base), line(built, 'main', 70, base)];
    },
  },
];

for (const { name: way, start } of worlds.filter(({ name }) => name === 'local' || name === 'isomorphic http')) {
  suite(`mergeBase, ${way}`, () => {
    let world: World;
    before(async () => {
      world = await start();
    });
    after(() => world.close());

    for (const { name, shape } of shapes)
      test(`mergeBase: ${name}`, async () => {
        const built = await world.create();
        const [a, b] = shape(built);
        const expected = built.git('merge-base', a, b);
        const repository = world.open(built);
        await repository.fetch(b, never);
        await repository.fetch(a, never);
        deepEqual(await repository.mergeBase(a, b, never), { kind: 'found', commit: expected });
        deepEqual(await repository.mergeBase(b, a, never), { kind: 'found', commit: expected });
      });

    test('mergeBase: histories that have nothing in common', async () => {
      const built = await world.create();
      const main = line(built, 'main', 2);
      const other = line(built, 'other', 1);
      const repository = world.open(built);
      await repository.fetch(main, never);
      await repository.fetch(other, never);
      deepEqual(await repository.mergeBase(main, other, never), { kind: 'none' });
    });
  });
}
