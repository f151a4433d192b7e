/** One step of a story as a test of its own; after one that fails the story ends. */
import type { TestContext } from 'node:test';

export async function chapter(t: TestContext, name: string, run: () => Promise<void>): Promise<void> {
  let isOver = false;
  await t.test(name, async () => {
    try {
      await run();
      isOver = true;
    } finally {
      if (!isOver) t.diagnostic(`the story ends in: ${name}`);
    }
  });
  if (!isOver) throw new Error(`what follows needs: ${name}`);
}
