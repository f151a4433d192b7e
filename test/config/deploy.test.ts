/** `config/deploy` and the Dockerfile: they fit together, and they fit Landfall. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { settingsOf } from '../../src/cli/settings/read.ts';
import { at, isArray, type Json, textOf } from '../../src/core/json/value.ts';
import { deployObjects, readYAML } from '../builder/deploy.ts';

const root = join(import.meta.dirname, '..', '..');
const deploy = join(root, 'config', 'deploy');
const members = ['base', 'single', 'tenant', 'cluster-admin'].map((name) => `member/${name}`);
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const deployment = deployObjects(join(deploy, 'hub')).find(({ kind }) => kind === 'Deployment');
const pod = at(deployment ?? null, 'spec', 'template', 'spec') ?? null;
const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);
const container = listOf(at(pod, 'containers'))[0] ?? null;

test('config/deploy: the settings of the hub are settings', () => {
  const path = join(deploy, 'hub', 'landfall.yaml');
  const settings = settingsOf(readFileSync(path), path, []);
  const written = listOf(at(container, 'volumeMounts')).filter((mount) => at(mount, 'readOnly') !== true);
  const writtenPaths = written.map((mount) => textOf(at(mount, 'mountPath')));
  ok(writtenPaths.includes(settings.stateDir), 'its caches are on a volume');
  const port = listOf(at(container, 'ports'))[0];
  equal(Number(at(port ?? null, 'containerPort')), settings.server.port);
});

test('config/deploy: the pod can neither be root nor change what it runs', () => {
  const own = at(container, 'securityContext') ?? null;
  deepEqual(
    [
      at(pod, 'securityContext', 'runAsNonRoot'),
      at(pod, 'securityContext', 'seccompProfile', 'type'),
      at(own, 'allowPrivilegeEscalation'),
      at(own, 'readOnlyRootFilesystem'),
      at(own, 'capabilities', 'drop'),
    ],
    [true, 'RuntimeDefault', false, true, ['ALL']],
  );
});

test('Dockerfile: its user is the one of the pod, and what it copies is there', () => {
  const user = String(at(pod, 'securityContext', 'runAsUser'));
  match(dockerfile, new RegExp(`^USER ${user}:${user}$`, 'm'));
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, list = '']) => list.split(' '));
  ok(copied.length >= 4);
  const ignore = readFileSync(join(root, '.dockerignore'), 'utf8');
  for (const path of copied) ok(existsSync(join(root, path)) && ignore.includes(`!${path}\n`), path);
});

for (const folder of ['.', 'base', 'hub', ...members]) {
  test(`config/deploy/${folder}: names files that are there`, () => {
    const path = join(deploy, folder);
    const [kustomization = null] = readYAML(join(path, 'kustomization.yaml'));
    for (const resource of listOf(at(kustomization, 'resources'))) statSync(join(path, String(resource)));
    ok(deployObjects(path).length >= 2);
  });
}

test('config/deploy: kubectl puts hub and members together', (context) => {
  for (const folder of ['.', ...members]) {
    const { error, stdout } = spawnSync('kubectl', ['kustomize', join(deploy, folder)], { encoding: 'utf8' });
    if (error !== undefined && 'code' in error && error.code === 'ENOENT') return context.skip('no kubectl here');
    match(stdout, /kind: ServiceAccount\n/);
  }
});
