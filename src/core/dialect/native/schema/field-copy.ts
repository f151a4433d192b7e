/** The schema of what is copied from the folder of one environment to that of another. */
import { z } from 'zod';
import { parsePointer } from '../../../json/pointer.ts';
import { Commit, exactlyOneOf, Flag, Label, listOf, Name, Text } from '../field.ts';

const Path = Text.describe("A folder, or a file, from the repository's root.");

const pointer = 'must be a JSON Pointer such as /image/tag';

const Field = exactlyOneOf(
  z.strictObject({
    file: Text.optional().describe('Below both folders; absent where both paths are files themselves.'),
    target: z
      .strictObject({
        kind: Text.optional().describe('Kind, as Deployment.'),
        name: Text.optional().describe('Name.'),
      })
      .optional()
      .describe('Which document, where the file holds several.'),
    path: z
      .string()
      .refine((text) => (parsePointer(text)?.length ?? 0) > 0, pointer)
      .meta({ pattern: '^/' })
      .optional()
      .describe('A value in the file, as a JSON Pointer: /image/tag.'),
    image: Text.optional().describe('Of a kustomization: newName, newTag and digest of this entry of `images`.'),
  }),
  'path',
  'image',
).meta({ title: 'CopiedField' });

export const Copy = z
  .strictObject({
    from: z
      .strictObject({
        placement: Name.optional().describe('Whose stages show it to be good; this Placement when absent.'),
        namespace: Label.optional().describe('Of that Placement; the same when absent.'),
        stage: Label.optional().describe('One of its stages; all of them when absent.'),
        path: Path,
      })
      .describe('Where it is copied from, and who shows it to be good there.'),
    to: z.strictObject({ path: Path }).describe('What is made equal.'),
    fields: listOf(Field).default([]).describe('Values that are copied; comments and layout around them stay.'),
    files: listOf(Text)
      .default([])
      .describe('Files that are copied whole, below both folders: names, or patterns with `*`, `**` and `?`.'),
    prune: Flag.default(false).describe('Files that `files` names go when the other folder does not have them.'),
    quarantined: listOf(Commit)
      .default([])
      .describe('Commits whose fields and files go nowhere new, until they are taken out of this list.'),
  })
  .superRefine(({ fields, files }, context) => {
    if (fields.length + files.length === 0)
      context.addIssue({ code: 'custom', message: 'give at least one of `fields`, `files`', path: [] });
  })
  .meta({ anyOf: [{ required: ['fields'] }, { required: ['files'] }] })
  .describe('For a stage that follows the branch head: what is copied into its folder once it is shown to be good.');
