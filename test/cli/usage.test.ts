/** Help, usage and exit codes. */
import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { command } from '../builder/command.ts';
import { matchGolden } from '../builder/golden.ts';

test('help: names every command', async () => {
  const { code, out, err } = await command(['--help']);
  deepEqual({ code, err }, { code: 0, err: '' });
  matchGolden('cli/help.txt', out);
});

test('help: every command has one of its own, with an example that begins with landfall', async () => {
  const below = ['join', 'unjoin', 'list'].map((name) => `cluster ${name}`);
  const names = [
    ...[...(await command(['--help'])).out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!),
    ...below,
  ];
  const helps = await Promise.all(
    names.map(async (name) => ({ name, ...(await command([...name.split(' '), '--help'])) })),
  );
  for (const { name, code, out } of helps) {
    equal(code, 0);
    match(out, new RegExp(`\nExample:\n  landfall ${name}\\b`));
  }
  matchGolden('cli/help-commands.txt', helps.map(({ name, out }) => `$ landfall ${name} --help\n${out}\n`).join(''));
});

test('version: a number and nothing else', async () => {
  match((await command(['--version'])).out, /^\d+\.\d+\.\d+\n$/);
});

const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no such command', ['chekc'], /unknown command 'chekc'.*Did you mean check/s],
  ['no argument', ['check'], /missing required argument 'dir'/],
  ['no such option', ['check', '.', '--att', 'x'], /unknown option '--att'.*Did you mean --at/s],
  ['no such format', ['check', '.', '-o', 'xml'], /Allowed choices are human, json, yaml/],
  ['no count', ['sandbox', '--clusters', '0'], /whole number from 1 to 5000/],
  ['no repository of a forge', ['sandbox', '--dir', 'x', '--forge', 'fleet'], /name it <owner>\/<name>/],
  ['a forge without a folder', ['sandbox', '--forge', 'team/fleet'], /--forge needs --dir/],
  ['too many', ['check', '.', 'other'], /too many arguments/],
];
for (const [name, argv, says] of wrong) {
  test(`usage: ${name} is code 2, and said on standard error`, async () => {
    const { code, out, err } = await command(argv);
    deepEqual([code, out], [2, '']);
    match(err, says);
  });
}

test('usage: no command at all shows the help and is wrong', async () => {
  const { code, out, err } = await command([]);
  deepEqual([code, out], [2, '']);
  match(err, /^Usage: landfall/);
});
