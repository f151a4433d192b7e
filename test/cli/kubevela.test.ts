/** Protects: the example of KubeVela's manifests is read by the commands that its guide names. */
import { equal, match } from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { command } from '../builder/command.ts';

const folder = join(import.meta.dirname, '..', '..', 'examples');

test('check: the KubeVela example has no problems', async () => {
  const { code, out } = await command(['check', 'kubevela'], { folder });
  equal(code, 0, out);
  match(out, /^no problems in 6 files/);
});

test('build: the KubeVela example, for the canary', async () => {
  const { code, out } = await command(['build', 'kubevela', '--cluster', 'hangzhou-1'], { folder });
  equal(code, 0);
  match(out, /kind: Deployment\nmetadata:\n {2}name: web\n/);
  match(out, /^ {2}replicas: 1$/m);
});
