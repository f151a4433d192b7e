/** Protects: examples that people copy are right, and come to what their guides say. */
import { deepEqual, equal } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { command, type Ended, testFolder } from '../builder/command.ts';
import { matchGolden } from '../builder/golden.ts';
import { findRenderTools, skipLine } from '../cluster/render-tools.ts';

const root = resolve(import.meta.dirname, '../../examples');
/** Examples of several repositories: each is one by itself. */
const several: Readonly<Record<string, readonly string[]>> = { simulate: ['fleet'], tenants: ['platform', 'shop'] };
const examples = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && holdsManifests(join(root, entry.name)))
  .flatMap(({ name }) => several[name]?.map((repository) => `${name}/${repository}`) ?? [name]);

/** A guide may be all text. */
function holdsManifests(folder: string): boolean {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((file) => file.endsWith('.yaml'));
}

test('examples: there are some', () => equal(examples.length > 0, true));

/** Examples that Helm or Kustomize makes: they are read here only where those are. */
const made: ReadonlySet<string> = new Set(['add-ons', 'helm-kustomize']);
/** Examples whose folders are commits, one after the other: `test/engine` plays them. */
const played: ReadonlySet<string> = new Set(['appdeployment']);
const tools = findRenderTools();
if (tools === undefined) console.error(`# ${skipLine}`);

/** Whatever Helm and Kustomize PATH has, those of the tests are used. */
async function withTools(argv: readonly string[]): Promise<Ended> {
  if (tools === undefined) return command(argv);
  const { helm, kustomize } = tools;
  const settings = { repositories: [{ name: 'fleet', url: '.' }], tools: { helm, kustomize } };
  using folder = testFolder({ 'landfall.yaml': JSON.stringify(settings) });
  return await command([...argv, '--config', join(folder.path, 'landfall.yaml')]);
}

for (const name of examples) {
  const folder = join(root, name);
  const skip = (made.has(name) && tools === undefined) || (played.has(name) && 'its steps are played in test/engine');

  test(`examples: ${name} has no problems`, { skip }, async () => {
    const { code, out, err } = await withTools(['check', folder, '-o', 'json']);
    deepEqual([code, err], [0, '']);
    deepEqual(JSON.parse(out), { diagnostics: [] });
  });

  test(`examples: ${name} builds what it should`, { skip }, async () => {
    const { code, out } = await withTools(['build', folder]);
    equal(code, 0);
    matchGolden(join('examples', `${name.replace('/', '-')}.yaml`), out);
  });

  test(`examples: ${name} names schemas that are there, of the right kinds`, () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
    for (const file of files.map((each) => join(folder, each))) {
      const text = readFileSync(file, 'utf8');
      const [, schema] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? [];
      const [, kind] = /^#?kind: (\w+)$/m.exec(text) ?? [];
      const isOurs = text.includes('apiVersion: landfall.dev/');
      equal(schema !== undefined, isOurs, `${file}: our kinds name a schema, and no others do`);
      if (schema === undefined) continue;
      equal(JSON.parse(readFileSync(join(dirname(file), schema), 'utf8')).title, kind, file);
    }
  });
}
