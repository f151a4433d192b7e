/** Protects: no check reaches the address at which a cloud hands out credentials, by whatever name. */
import { equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { guardedLookup, isGuardedAddress } from '../../../src/edge/net/guard.ts';
import { systemNet } from '../../../src/edge/net/net.ts';
import { handClock } from '../../builder/clock.ts';

const table: readonly (readonly [string, boolean])[] = [
  ['169.254.169.254', true],
  ['169.253.0.1', false],
  ['fe80::1', true],
  ['fe80::1%eth0', true],
  ['::ffff:169.254.169.254', true],
  ['::ffff:a9fe:a9fe', true],
  ['fd00:ec2::254', true],
  ['100.100.100.200', true],
  ['10.0.0.1', false],
  ['127.0.0.1', false],
  ['2001:db8::1', false],
  ['metadata.example.com', false],
];
for (const [address, isGuarded] of table)
  test(`isGuardedAddress: ${address}`, () => equal(isGuardedAddress(address), isGuarded));

test('systemNet: a guarded endpoint dials no such address, however it is written', async () => {
  const net = systemNet({ clock: handClock() });
  for (const origin of ['http://169.254.169.254', 'http://0xa9fea9fe', 'http://[::ffff:169.254.169.254]']) {
    const connection = net.connect({ origin: new URL(origin).origin, isGuarded: true });
    const request = { method: 'GET', path: '/latest/meta-data/', headers: {} };
    await rejects(connection.request(request, new AbortController().signal), /no check may ask/, origin);
    connection.close();
  }
});

test('guardedLookup: the addresses of a name are looked at, too', async () => {
  const look = (host: string, all: boolean): Promise<string> =>
    new Promise((resolve) => {
      guardedLookup(host, { all }, (error, address) =>
        resolve(error === null ? JSON.stringify(Array.isArray(address) ? address.length > 0 : address) : error.message),
      );
    });
  // What is an address already is its own answer.
  equal(await look('127.0.0.1', false), '"127.0.0.1"');
  equal(await look('127.0.0.1', true), 'true');
  equal(await look('169.254.169.254', true), '169.254.169.254 has only addresses that no check may ask');
});
