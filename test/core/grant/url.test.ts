/** Protects: checks written in Git reach only what the operator has allowed, however a URL is written. */
import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { refuseURL } from '../../../src/core/grant/url.ts';

const allow = ['https://prometheus.example.com', 'http://10.0.0.7:9090/team-a/', 'https://shop.example.com/health'];
const table: readonly (readonly [string, boolean])[] = [
  ['https://prometheus.example.com/api/v1/query?query=up', true],
  ['https://PROMETHEUS.example.com:443/', true],
  ['http://prometheus.example.com/', false],
  ['https://prometheus.example.com:8443/', false],
  ['https://prometheus.example.com.evil.example/', false],
  ['https://prometheus.example.com@evil.example/', false],
  ['https://user@prometheus.example.com/', false],
  ['http://10.0.0.7:9090/team-a/api', true],
  ['http://10.0.0.7:9090/team-a', false],
  ['http://10.0.0.7:9090/team-b/', false],
  ['http://10.0.0.7:9090/team-a/../team-b/', false],
  ['http://10.0.0.7:9090/team-a/%2e%2e/team-b/', false],
  ['http://10.0.0.7:9090/team-a/..%2fteam-b/', false],
  ['http://10.0.0.7:9090/team-a\\..\\team-b/', false],
  ['http://0x0a000007:9090/team-a/x', true],
  ['https://shop.example.com/health', true],
  ['https://shop.example.com/health?deep=1', true],
  ['https://shop.example.com/healthy', false],
  ['file:///etc/passwd', false],
  ['prometheus.example.com', false],
];
for (const [url, isAllowed] of table)
  test(`refuseURL: ${url}`, () => equal(refuseURL(url, allow) === undefined, isAllowed));

test('refuseURL: nothing is allowed by default', () =>
  equal(refuseURL('https://example.com/', []) === undefined, false));
