/** The part of the settings that says what is done with pull requests. */
import { z } from 'zod';

export const PullRequestPlans = z.strictObject({
  plan: z
    .boolean()
    .default(true)
    .describe('Are open pull requests planned? What they would change is told as `landfall/plan`, and in a comment.'),
  promote: z
    .boolean()
    .default(true)
    .describe(
      'Open pull requests that move the Pins of pinned stages; the token must be able to write them, and Git to push their branches.',
    ),
  foreign: z
    .boolean()
    .default(false)
    .describe(
      'Those of forks, too: anybody may have Landfall try what they propose, by dry run with its rights and with its tools.',
    ),
});
