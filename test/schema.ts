/** Writes `config/schema`: `npm run schema`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchemas, schemaFolder, textOfSchema } from './builder/json-schema.ts';

mkdirSync(schemaFolder, { recursive: true });
for (const [name, schema] of jsonSchemas()) writeFileSync(join(schemaFolder, name), textOfSchema(schema));
