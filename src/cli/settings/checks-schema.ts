/** The settings of what gates of stages may ask. */
import { z } from 'zod';

const WebURL = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .meta({ pattern: '^https?://' });

export const Checks = z
  .strictObject({
    allow: z
      .array(WebURL)
      .default([])
      .describe('URLs that `http` and `prometheus` gates of stages may ask, and all below each of them.'),
  })
  .prefault({})
  .describe('What gates of stages may ask beside clusters and forges: nothing by default.');
