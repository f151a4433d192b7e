/** The part of the settings that names the forge of a repository. */
import { z } from 'zod';
import { exactlyOneOf } from '../../core/dialect/native/field.ts';
import { forgeKinds } from '../../edge/forge/place.ts';
import { ApiURL, Path, together } from './field.ts';

export const Forge = exactlyOneOf(
  z.strictObject({
    kind: z.enum(forgeKinds).describe('What the forge runs.'),
    apiURL: ApiURL.optional().describe(
      'The address of its API. Default: as forges of this kind have it at the host of `url`.',
    ),
    project: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The repository as the forge names it: `owner/name`, `KEY/name`, `project/name`. Default: as in `url`.',
      ),
    tokenFile: Path.optional().describe('A file with a token that may write commit statuses and pull requests.'),
    usernameFile: Path.optional().describe('A file with the user name; goes with `passwordFile`.'),
    passwordFile: Path.optional().describe('A file with the password; goes with `usernameFile`.'),
    caFile: Path.optional().describe("PEM file of the authorities to trust. Default: the repository's `caFile`."),
  }),
  'tokenFile',
  'passwordFile',
)
  .superRefine(together('passwordFile', 'usernameFile'))
  .meta({ dependencies: { usernameFile: ['passwordFile'], passwordFile: ['usernameFile'] } });
