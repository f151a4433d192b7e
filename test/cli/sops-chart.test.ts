/** `build` of a chart whose values are encrypted with SOPS: rendered with the key, refused without, told to nobody. */
import { doesNotMatch, equal, match } from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateIdentity } from 'age-encryption';
import { command, testFolder } from '../builder/command.ts';
import { sopsEncrypt } from '../builder/sops.ts';
import { findRenderTools, skipLine } from '../cluster/render-tools.ts';

const tools = findRenderTools();
if (tools === undefined) console.error(`# ${skipLine}`);
const skip = tools === undefined;

test('build: values that SOPS encrypted are for the chart, and for no message', { skip }, async () => {
  const identity = await generateIdentity();
  using folder = testFolder({
    'keys.txt': `${identity}\n`,
    'landfall.yaml': `sops: {identityFile: keys.txt}\nrepositories: [{name: fleet, url: ., statuses: none}]\ntools: {helm: ${tools?.helm}}\n`,
    'fleet/app.yaml': `apiVersion: landfall.dev/v1alpha1
kind: Cluster
metadata: {name: eu-1}
spec: {access: {inCluster: true}}
---
apiVersion: landfall.dev/v1alpha1
kind: App
metadata: {name: shop, namespace: shop}
spec: {components: [{name: shop, helm: {path: charts/shop}, valuesFiles: [{path: "values/\${name}.yaml"}]}]}
---
apiVersion: landfall.dev/v1alpha1
kind: Placement
metadata: {name: shop, namespace: shop}
spec: {apps: [shop], stages: [{name: all, clusterSelector: {}}]}
`,
    'fleet/charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'fleet/charts/shop/templates/a.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: {name: shop}\nstringData: {password: {{ .Values.data.password }}}\n',
    'fleet/values/eu-1.yaml': await sopsEncrypt([{ data: { password: 'correct-horse' } }], identity),
  });
  const build = (...more: readonly string[]) =>
    command(['build', 'fleet', '-o', 'json', ...more], { folder: folder.path });
  const config = ['--config', join(folder.path, 'landfall.yaml')];
  const built = await build(...config);
  equal(built.code, 0, built.out + built.err);
  equal(JSON.parse(built.out).clusters['eu-1'][0].stringData.password, 'correct-horse');
  equal((await command(['check', 'fleet', ...config], { folder: folder.path })).code, 0);

  folder.write({
    'fleet/charts/shop/templates/a.yaml': '{{ fail (printf "no %s" (b64enc .Values.data.password)) }}',
  });
  const failed = await build(...config);
  equal(failed.code, 1);
  match(failed.out, /what it says is not shown/);
  doesNotMatch(failed.out + failed.err, /horse|Y29ycmVjdC1ob3JzZQ/);

  folder.write({ 'keys.txt': `${await generateIdentity()}\n` });
  const others = await build(...config);
  equal(others.code, 1);
  match(others.out, /values\/eu-1\.yaml cannot be decrypted: the file is encrypted with SOPS, for others/);
});

test('build: a Secret that SOPS encrypted gives an Application its values, and nobody else', { skip }, async () => {
  const identity = await generateIdentity();
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'db', namespace: 'shop' },
    stringData: { 'values.yaml': 'password: correct-horse\n' },
  };
  using folder = testFolder({
    'keys.txt': `${identity}\n`,
    'landfall.yaml': `sops: {identityFile: keys.txt}\nrepositories: [{name: fleet, url: ., statuses: none}]\ntools: {helm: ${tools?.helm}}\n`,
    'fleet/app.yaml': `apiVersion: landfall.dev/v1alpha1
kind: Cluster
metadata: {name: local}
spec: {access: {inCluster: true}}
---
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: shop, namespace: shop}
spec:
  components:
  - name: shop
    type: helm
    properties: {repoType: git, url: ., chart: charts/shop, valuesFrom: [{kind: Secret, name: db}]}
`,
    'fleet/charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'fleet/charts/shop/templates/a.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: {name: shop}\nstringData: {password: {{ .Values.password }}}\n',
    'fleet/db.yaml': await sopsEncrypt([secret], identity),
  });
  const build = (...more: readonly string[]) =>
    command(['build', 'fleet', '-o', 'json', ...more], { folder: folder.path });
  const config = ['--config', join(folder.path, 'landfall.yaml')];
  const built = await build(...config);
  equal(built.code, 0, built.out + built.err);
  equal(JSON.parse(built.out).clusters.local[0].stringData.password, 'correct-horse');

  folder.write({ 'fleet/charts/shop/templates/a.yaml': '{{ fail (printf "no %s" (b64enc .Values.password)) }}' });
  const failed = await build(...config);
  equal(failed.code, 1);
  // The Secret itself is among what is printed: it is one of the objects.
  const told = JSON.stringify(JSON.parse(failed.out).diagnostics) + failed.err;
  match(told, /why is not told, since values of a Secret are in it/);
  doesNotMatch(told, /horse|Y29ycmVjdC1ob3JzZQ/);
});
