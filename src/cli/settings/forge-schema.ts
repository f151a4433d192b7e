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
    app: z
      .strictObject({
        id: z.int().min(1).describe('The id of the App.'),
        installationID: z.int().min(1).describe('The id of its installation, as in the address of its page.'),
        privateKeyFile: Path.describe('A file with its private key, PEM.'),
      })
      .optional()
      .describe('A GitHub App, whose statuses are checks with a page of their own.'),
    caFile: Path.optional().describe("PEM file of the authorities to trust. Default: the repository's `caFile`."),
  }),
  'tokenFile',
  'passwordFile',
  'app',
)
  .superRefine(together('passwordFile', 'usernameFile'))
  .superRefine(({ kind, app }, context) => {
    if (app !== undefined && kind !== 'github')
      context.addIssue({ code: 'custom', message: 'is for `kind: github` only', path: ['app'] });
  })
  .meta({
    dependencies: { usernameFile: ['passwordFile'], passwordFile: ['usernameFile'] },
    if: { required: ['app'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { properties: { kind: { const: 'github' } } },
  });
