/**
 * `npm test [-- <file…>]`: every test that needs nothing but this machine. Two processes, since Git's tests mostly wait for
 * processes of their own; within each all files share one, which starts in a tenth of the time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { globSync } from 'node:fs';

const rooms = ['cli', 'config', 'conform', 'core', 'dashboard', 'engine', 'golden', 'sandbox', 'server'];
const filesIn = (...patterns: readonly string[]): readonly string[] =>
  patterns.flatMap((pattern) => globSync(`test/${pattern}`)).toSorted();

const chosen = process.argv.slice(2);
const groups =
  chosen.length > 0
    ? [chosen]
    : [filesIn('tidy.test.ts', `{${rooms.join(',')}}/**/*.test.ts`), filesIn('edge/**/*.test.ts')];

type Group = { readonly child: ChildProcess; readonly ended: Promise<number>; readonly show: () => void };

function start(files: readonly string[]): Group {
  const args = ['--test', '--test-isolation=none', '--test-reporter=spec', ...files];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const held: Buffer[] = [];
  let isShown = false;
  child.stdout.on('data', (chunk: Buffer) => {
    if (isShown) process.stdout.write(chunk);
    else held.push(chunk);
  });
  return {
    child,
    ended: new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1))),
    show: () => {
      isShown = true;
      for (const chunk of held.splice(0)) process.stdout.write(chunk);
    },
  };
}

const running = groups.map(start);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const { child } of running) child.kill(signal);
  });
}
// One after the other on the screen, whichever is done first.
for (const { show, ended } of running) {
  show();
  if ((await ended) !== 0) process.exitCode = 1;
}
