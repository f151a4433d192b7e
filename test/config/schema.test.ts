/** `config/schema`: what editors complain about is what Landfall complains about. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv, type ValidateFunction } from 'ajv';
import { SettingsFile } from '../../src/cli/settings/schema.ts';
import { type NativeKind, schemas } from '../../src/core/dialect/native/schema.ts';
import { isObject, type Json } from '../../src/core/json/value.ts';
import { readManifests } from '../../src/core/yaml/read.ts';
import { jsonSchemas, schemaFolder, textOfSchema } from '../builder/json-schema.ts';

const generated = jsonSchemas();
const textOf = (name: string): string => readFileSync(join(schemaFolder, name), 'utf8');

test('config/schema: the files are those that `npm run schema` writes', () => {
  deepEqual(readdirSync(schemaFolder).toSorted(), [...generated.keys()].toSorted());
  for (const [name, schema] of generated)
    equal(textOf(name), textOfSchema(schema), `config/schema/${name} is old: run "npm run schema"`);
});

// Formats say less than the patterns beside them.
const ajv = new Ajv({ allErrors: true, validateFormats: false, strictTypes: false, strictRequired: false });
for (const name of generated.keys()) ajv.addSchema(JSON.parse(textOf(name)), name);

function validatorOf(name: string): ValidateFunction {
  const validate = ajv.getSchema(name);
  ok(validate, name);
  return validate;
}

/** As any other program reads the same file: whole numbers are numbers. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? Number(each) : each)));

const golden = join(import.meta.dirname, '..', 'golden', 'native');
const manifests = readdirSync(golden, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml') && !/(^|\/)(out|case\.yaml)/.test(file))
  .flatMap((file) =>
    readManifests(file, readFileSync(join(golden, file))).documents.map(({ value }) => ({ file, value })),
  )
  .filter(({ value }) => value.apiVersion === 'landfall.dev/v1alpha1');

const isNativeKind = (kind: unknown): kind is NativeKind => typeof kind === 'string' && Object.hasOwn(schemas, kind);

test('config/schema: agrees with Landfall about every native manifest of the golden cases', () => {
  let accepted = 0;
  let refused = 0;
  for (const { file, value } of manifests) {
    const { kind } = value;
    const isGood = isNativeKind(kind) && schemas[kind].safeParse(value).success;
    isGood ? accepted++ : refused++;
    const names = isNativeKind(kind) ? [`${kind.toLowerCase()}.json`, 'manifest.json'] : ['manifest.json'];
    for (const name of names) {
      const validate = validatorOf(name);
      const text = `${name} about ${String(kind)} in ${file}: `;
      equal(validate(plain(value)), isGood, text + ajv.errorsText(validate.errors));
    }
  }
  ok(accepted > 100 && refused > 15, `${accepted} good and ${refused} bad manifests`);
});

const repository = { name: 'fleet', url: 'https://git.example.com/fleet' };
const settings: readonly (readonly [string, Json])[] = [
  ['nothing', {}],
  ['a duration', { audit: '12h' }],
  ['a number for a duration', { audit: 5 }],
  ['an unknown name', { adit: '12h' }],
  ['a count out of bounds', { limits: { writesMax: 65 } }],
  ['a level that is none', { log: { level: 'loud' } }],
  ['a repository', { repositories: [repository] }],
  ['two ways to say when', { repositories: [{ ...repository, pollInterval: '1m', schedule: '* * * * *' }] }],
  ['a time zone for nothing', { repositories: [{ ...repository, timeZone: 'UTC' }] }],
  ['a token', { repositories: [{ ...repository, auth: { tokenFile: 'token' } }] }],
  ['a token and a password', { repositories: [{ ...repository, auth: { tokenFile: 'a', passwordFile: 'b' } }] }],
  ['a password of nobody', { repositories: [{ ...repository, auth: { passwordFile: 'b' } }] }],
  ['a proxy of another kind', { repositories: [{ ...repository, proxyURL: 'socks5://proxy' }] }],
  ['a hub nowhere', { hub: {} }],
  ['a hub in a file', { hub: { file: 'kubeconfig', context: 'hub' } }],
  ['a context of no file', { hub: { inCluster: true, context: 'hub' } }],
];
for (const [name, value] of settings) {
  test(`config/schema/settings.json: agrees with Landfall about ${name}`, () => {
    equal(validatorOf('settings.json')(value), SettingsFile.safeParse(value).success);
  });
}

/** Every schema inside a schema, with the names on the way to it. */
function* within(schema: unknown, path: string): Generator<readonly [string, Readonly<Record<string, unknown>>]> {
  if (!isObject(schema)) return;
  yield [path, schema];
  for (const [name, inner] of Object.entries(isObject(schema.properties) ? schema.properties : {}))
    yield* within(inner, `${path}.${name}`);
  yield* within(schema.items, `${path}[]`);
  for (const inner of Array.isArray(schema.anyOf) ? schema.anyOf : []) yield* within(inner, path);
}

test('config/schema: says of everything what it is', () => {
  const says = ['type', 'const', 'enum', 'anyOf', 'required', '$ref', 'minimum'];
  for (const [name, schema] of generated) {
    const open = [...within(schema, '')].filter(([, inner]) => !says.some((word) => Object.hasOwn(inner, word)));
    deepEqual(
      open.map(([path]) => path).filter((path) => path !== '.status'),
      [],
      name,
    );
  }
});

test('config/schema/settings.json: explains every setting', () => {
  const silent = [...within(generated.get('settings.json'), '')].filter(
    ([path, { description }]) => !path.endsWith('[]') && typeof description !== 'string',
  );
  deepEqual(
    silent.map(([path]) => path),
    [],
  );
});
