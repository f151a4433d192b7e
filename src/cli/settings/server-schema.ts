/** The parts of the settings about what others may ask Landfall over HTTP. */
import { z } from 'zod';
import { Listen, Path, PublicURL } from './field.ts';

export const Server = z.strictObject({
  listen: Listen.default('127.0.0.1:8080').describe(
    '`host:port` where the dashboard, its API, /livez, /readyz and /metrics answer. Beyond loopback the dashboard needs `dashboard.tokenFile`; the last three have no login.',
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

export const Dashboard = z.strictObject({
  tokenFile: Path.optional().describe(
    'A file with the token that lets people and programs look, of 16 characters or more. Without it only this machine may, and only while `server.listen` is loopback.',
  ),
});
