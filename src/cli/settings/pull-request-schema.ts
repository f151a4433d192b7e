/** The part of the settings that says which pull requests are planned. */
import { z } from 'zod';

export const PullRequestPlans = z.strictObject({
  plan: z
    .boolean()
    .default(true)
    .describe('Are open pull requests planned? What they would change is told as `landfall/plan`, and in a comment.'),
  foreign: z
    .boolean()
    .default(false)
    .describe(
      'Those of forks, too: anybody may have Landfall try what they propose, by dry run with its rights and with its tools.',
    ),
});
