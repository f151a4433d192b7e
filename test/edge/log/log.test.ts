import { deepEqual, doesNotMatch, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { type LogLevel, openLog } from '../../../src/edge/log/log.ts';
import type { Log } from '../../../src/seam/log.ts';

async function written(level: LogLevel, say: (log: Log) => void): Promise<readonly Record<string, unknown>[]> {
  const lines: string[] = [];
  say(await openLog({ level, write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line));
}

test('openLog: one JSON object a line, with level, time, message and fields', async () => {
  const [line] = await written('info', (log) =>
    log.info('cell reconciled', { cell: 'shop/web@eu-1', applied: 3, gone: undefined }),
  );
  const { time, ...rest } = line ?? {};
  deepEqual(rest, { level: 'info', message: 'cell reconciled', cell: 'shop/web@eu-1', applied: 3 });
  match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

const all = (log: Log): void => {
  for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](level);
};
const levels: readonly (readonly [LogLevel, readonly string[]])[] = [
  ['silent', []],
  ['error', ['error']],
  ['warn', ['warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['debug', ['debug', 'info', 'warn', 'error']],
];
for (const [level, told] of levels) {
  test(`openLog: at ${level}`, async () => {
    deepEqual(
      (await written(level, all)).map(({ message }) => message),
      told,
    );
  });
}

test('openLog: a field does not stand in for what every line has', async () => {
  const [line] = await written('info', (log) => log.info('said', { level: 'x', message: 'y' }));
  equal(line?.level, 'info');
  equal(line?.message, 'said');
  equal(line?.message_, 'y');
});

const canary = 'CANARYxyzzyCANARYxyzzy1234';
const leaks: readonly (readonly [string, Record<string, string | readonly string[]>])[] = [
  ['a field called token', { token: canary }],
  ['a field called gitPassword', { gitPassword: canary }],
  ['a field called Authorization', { Authorization: canary }],
  ['a private key', { reason: `bad key -----BEGIN RSA PRIVATE KEY-----\n${canary}\n-----END RSA PRIVATE KEY-----` }],
  ['a private key that is cut off', { reason: `-----BEGIN PRIVATE KEY-----\n${canary}` }],
  ['a password in a URL', { reason: `cannot reach https://user:${canary}@git.example.com/x` }],
  ['a bearer token', { reason: `sent Bearer ${canary}` }],
  ['a forge token', { reason: `ghp_${canary}` }],
  ['a JSON Web Token', { reason: `eyJhbGciOiJSUzI1NiJ9.${canary}.${canary}` }],
  ['in a list', { by: [`https://x:${canary}@host`] }],
];
for (const [name, fields] of leaks) {
  test(`openLog: masks ${name}`, async () => {
    const lines = await written('info', (log) => log.info('said', fields));
    doesNotMatch(JSON.stringify(lines), /CANARY/);
    match(JSON.stringify(lines), /\[redacted\]/);
  });
}

test('openLog: leaves what is no secret alone', async () => {
  const fields = {
    object: '/ConfigMap/shop/web',
    reason: 'https://git.example.com/a@b: no answer',
    commit: 'a'.repeat(40),
  };
  const [line] = await written('info', (log) => log.info('said', fields));
  const { object, reason, commit } = line ?? {};
  deepEqual({ object, reason, commit }, fields);
});
