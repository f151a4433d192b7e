#!/usr/bin/env node
/** Starts Landfall, from its source or from what was built of it. Any Node can read this file, to say which it takes. */
import { existsSync } from 'node:fs';

const leastMajor = 24;

if (Number(process.versions.node.split('.', 1)[0]) < leastMajor) {
  process.stderr.write(
    `Landfall needs Node ${leastMajor} or newer, and this is ${process.version}.\n` +
      'In a clone, `npm ci` brings one along, and `npx landfall` uses it.\n',
  );
  process.exit(2);
}

// A package holds no source: Node strips no types below node_modules. A clone may hold an old build.
const source = new URL('../src/main.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href);
