/** Protects: a letter that slipped takes nothing off a cluster; and words that only look alike are not called slips. */
import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../../src/core/compile/compile.ts';
import { meantBy } from '../../../src/core/dialect/misspelt.ts';
import { isError } from '../../../src/core/model/diagnostic.ts';
import { cluster, worldOf } from '../../builder/world.ts';

const slips: readonly (readonly [key: string, present: readonly string[], meant: string | undefined])[] = [
  ['appRevision', [], 'appRevisions'],
  ['apprevisions', [], 'appRevisions'],
  ['app-revisions', [], 'appRevisions'],
  ['apRevisons', [], 'appRevisions'],
  ['appRevision', ['appRevisions'], undefined],
  ['revisions', [], undefined],
  ['pec', [], 'spec'],
  ['sepc', [], 'spec'],
  ['step', [], undefined],
  ['CPU', [], 'cpu'],
  ['gpu', [], undefined],
  ['spec', [], undefined],
];

test('meantBy: a field that is spelt almost so, and is not there', () => {
  const known = ['appRevisions', 'spec', 'cpu'];
  for (const [key, present, meant] of slips) {
    const object = Object.fromEntries([key, ...present].map((each) => [each, 1]));
    equal(meantBy(key, object, known), meant, key);
  }
});

const microServices = (field: string, metadata = 'namespace') => `apiVersion: app.o0w0o.cn/v1
kind: App
metadata: {name: votes, ${metadata}: shop}
spec:
  ${field}:
  - name: web
    spec:
      clusterName: c1
      versions: [{name: v1, template: {selector: {matchLabels: {app: web}}}}]
`;

const errorsOf = (text: string): readonly string[] =>
  compile(worldOf({ 'clusters.yaml': cluster('c1'), 'app.yaml': text }))
    .diagnostics.filter(isError)
    .map(({ code, origin, hint }) => `${code} ${origin.line}:${origin.column} ${hint}`);

test('unknown field: a slip is an error at its place, anything else a warning', () => {
  deepEqual(errorsOf(microServices('microServices')), []);
  deepEqual(errorsOf(microServices('microservices')), ['A1101 5:3 did you mean `microServices`?']);
  deepEqual(errorsOf(microServices('strategy')), []);
  deepEqual(errorsOf(microServices('microServices', 'namspace')), ['A1101 3:35 did you mean `namespace`?']);
});
