/** The JSON Schemas of `config/schema`, made from the schemas that Landfall reads with. */
import { join } from 'node:path';
import { z } from 'zod';
import { durationText } from '../../src/cli/settings/field.ts';
import { SettingsFile } from '../../src/cli/settings/schema.ts';
import { schemas } from '../../src/core/dialect/native/schema.ts';

export const schemaFolder = join(import.meta.dirname, '..', '..', 'config', 'schema');

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Shape: by file name. `manifest.json` is for files with documents of several kinds. */
export function jsonSchemas(): ReadonlyMap<string, JsonSchema> {
  const kinds = Object.entries(schemas);
  return new Map([
    ...kinds.map(([kind, schema]) => [fileOf(kind), jsonSchemaOf(schema)] as const),
    ['manifest.json', anyManifest(kinds.map(([kind]) => kind))],
    ['settings.json', jsonSchemaOf(SettingsFile)],
  ]);
}

export const textOfSchema = (schema: JsonSchema): string => `${JSON.stringify(schema, null, 2)}\n`;

const fileOf = (kind: string): string => `${kind.toLowerCase()}.json`;

const draft = 'http://json-schema.org/draft-07/schema#';

/** What an author may write, not what reading makes of it: a duration is a string here. Draft 7, which every editor knows. */
function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    // What zod cannot see into says itself what it is; a test holds that nothing else is open.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const written = writtenDefault(zodSchema._zod.def, jsonSchema);
      if (written !== undefined) jsonSchema.default = written;
    },
  });
}

/** The default of what is read into another form, as one would write it; zod leaves those out. */
function writtenDefault(def: z.core.$ZodTypes['_zod']['def'], { type }: JsonSchema): string | undefined {
  if (type !== 'string') return undefined;
  if (def.type === 'prefault') return String(def.defaultValue);
  return def.type === 'default' && typeof def.defaultValue === 'number' ? durationText(def.defaultValue) : undefined;
}

/** By `kind`, so that an editor complains about the fields of that kind, and not of all of them. */
function anyManifest(kinds: readonly string[]): JsonSchema {
  return {
    $schema: draft,
    title: 'Manifest',
    description: 'Any native manifest of Landfall.',
    type: 'object',
    required: ['apiVersion', 'kind'],
    properties: { kind: { enum: [...kinds] } },
    allOf: kinds.map((kind) => ({
      if: { properties: { kind: { const: kind } }, required: ['kind'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { $ref: fileOf(kind) },
    })),
  };
}
