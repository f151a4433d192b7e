/** Protects: whoever follows the link of a plan finds all of it, and only while its pull request is open. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { nextImage, settledScene } from './scene.ts';

const pageOf = (number: number): string => `https://landfall.example.com/plans/fleet/${number}`;

test('shown plans: status and comment link to the page, which has the summary and each App, until it is closed', async () => {
  const scene = await settledScene({ pageOf });
  try {
    const number = scene.propose(nextImage);
    await scene.fleet.run(60_000);
    const [shown, ...others] = scene.plans();
    deepEqual(others, []);
    equal(shown?.request.number, number);
    equal(shown?.plan?.head, scene.forge.get(number).head.commit);
    equal(`${shown?.plan?.text.status.state} ${shown?.plan?.text.status.text}`, scene.status(number));
    match(shown?.plan?.text.summary ?? '', /In this order.*canary/s);
    deepEqual(
      shown?.plan?.text.parts.map(({ app }) => app),
      ['shop/web'],
    );
    match(shown?.plan?.text.parts[0]?.body ?? '', /^\+ .*example\.com\/web:2/m);
    equal(scene.forge.status(scene.forge.get(number).head.commit, 'landfall/plan')?.url, pageOf(number));
    match(scene.comment(number), /\[as a page\]\(https:\/\/landfall\.example\.com\/plans\/fleet\/\d+\)/);

    scene.forge.close(number);
    await scene.fleet.run(120_000);
    deepEqual(scene.plans(), []);
  } finally {
    await scene.close();
  }
});
