/** The part of the settings that names who else is told commit statuses. */
import { z } from 'zod';
import { Path, SinkURL } from './field.ts';

const Webhook = z.strictObject({
  url: SinkURL.describe('Where events are sent: a CDEvent in a CloudEvent for each change of a status.'),
  secretFile: Path.describe('A file with the secret that events are signed with: `x-landfall-signature-256`.'),
  caFile: Path.optional().describe("PEM file of the authorities to trust instead of this machine's."),
});

export const Sinks = z.array(z.strictObject({ webhook: Webhook.describe('An address that is told by HTTP.') })).max(8);
