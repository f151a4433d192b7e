/** `npm run corpus -- <folder>`: the tests that read a folder of real manifests. They are kept out of the project. */
import { existsSync, globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const folder = process.argv[2] ?? process.env.LANDFALL_CORPUS ?? '';

if (folder === '' || !existsSync(folder)) {
  console.log(`corpus: skipped, there is no folder ${JSON.stringify(folder)}; name one: npm run corpus -- <folder>`);
} else {
  process.env.LANDFALL_CORPUS = resolve(folder);
  const files = globSync('**/*.corpus.ts', { cwd: import.meta.dirname }).map((file) => join(import.meta.dirname, file));
  const tests = run({ files, isolation: 'none', concurrency: false });
  tests.on('test:fail', () => {
    process.exitCode = 1;
  });
  tests.compose(spec).pipe(process.stdout);
}
