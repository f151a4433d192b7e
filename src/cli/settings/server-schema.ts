/** The parts of the settings about what others may ask Landfall over HTTP. */
import { z } from 'zod';
import { Listen, Path, PublicURL } from './field.ts';

export const Server = z.strictObject({
  listen: Listen.default('127.0.0.1:8080').describe(
    '`host:port` where /livez, /readyz and /metrics answer. There is no login.',
  ),
  publicURL: PublicURL.optional().describe(
    'The address at which people reach it: statuses and pull requests link to its pages. Default: they do not.',
  ),
});

export const Webhooks = z.strictObject({
  secretFiles: z
    .array(Path)
    .max(2)
    .default([])
    .describe('Files with the secret that forges sign with; two while it is changed. None: there is no such route.'),
});
