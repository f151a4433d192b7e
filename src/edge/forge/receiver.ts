/** Somebody who is told events over HTTP, each signed. */
import { createHmac } from 'node:crypto';
import type { Json } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import { type ForgeDeps, openConnection } from './client.ts';
import { textIn } from './credential.ts';

export type ReceiverSettings = {
  /** May hold a secret of the receiver's: it is in no message. */
  readonly url: string;
  /** A file with what both sides know. */
  readonly secretFile: string;
  readonly caFile: string | undefined;
  readonly proxyURL: string | undefined;
  readonly version: string;
};

export type EventReceiver = {
  /** Rejects with FaultError, or with the signal's reason; after some of them nobody knows whether it has arrived. */
  readonly deliver: (event: Json, signal: AbortSignal) => Promise<void>;
  readonly close: () => void;
};

/**
 * Dials when it is needed.
 *
 * Shape: `x-landfall-signature-256` is `sha256=` and the HMAC-SHA256 of the body as it is sent, in hexadecimal.
 */
export function openReceiver(settings: ReceiverSettings, deps: Pick<ForgeDeps, 'net' | 'clock'>): EventReceiver {
  const { origin, pathname, search } = new URL(settings.url);
  const headers = async (_signal: AbortSignal, body: string): Promise<Readonly<Record<string, string>>> => ({
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'x-landfall-signature-256': `sha256=${await signatureOf(body, settings.secretFile)}`,
  });
  const { client, close } = openConnection(
    { ...settings, apiURL: origin },
    { headers },
    { ...deps, onSpent: () => {} },
  );
  const receiver = client('events');
  return {
    deliver: async (event, signal) => {
      const answer = await receiver.ask({ method: 'POST', path: `${pathname}${search}`, body: event }, signal);
      // What it says is nothing to us, as long as it has it.
      if (answer.status < 200 || answer.status > 299) throw receiver.faultOf(answer);
    },
    close,
  };
}

async function signatureOf(body: string, secretFile: string): Promise<string> {
  const secret = (await textIn('secretFile', secretFile)).trim();
  if (secret === '')
    throw new FaultError({ kind: 'misconfigured', detail: `\`secretFile\` ${secretFile} holds no secret` });
  return createHmac('sha256', secret).update(body).digest('hex');
}
