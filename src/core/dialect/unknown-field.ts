/** Fields that a schema does not know, for dialects whose old system let them pass: said, and not acted on. */
import type { z } from 'zod';
import type { Diagnostic } from '../model/diagnostic.ts';
import { excerpt } from '../model/excerpt.ts';
import { unknownFieldsIn } from './misspelt.ts';
import { fieldText } from './native/read.ts';
import { fieldHint } from './nearest.ts';
import { originAt, type Placed } from './placed.ts';

/** Of one document; each costs a walk through it. */
const fieldsMax = 20;

/** Shape: one warning for each, in the order written; slips are errors already. */
export function unknownFields(code: Diagnostic['code'], schema: z.ZodType, placed: Placed): readonly Diagnostic[] {
  return [...unknownFieldsIn(placed.document.value, schema)]
    .filter(({ meant, others }) => meant === undefined && others !== 'kept')
    .slice(0, fieldsMax)
    .map(({ path, key, known }) => {
      const where = path.length === 0 ? '' : ` in ${fieldText(path)}`;
      return {
        code,
        severity: 'warning',
        origin: originAt(placed, [...path, key]),
        message: `unknown field ${excerpt(key)}${where}: it does nothing`,
        ...fieldHint(key, known),
      };
    });
}
