/** How a server proves itself to us and we to it. The one place that may do without proof. */
import { isIP } from 'node:net';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import type { Endpoint } from '../../seam/net.ts';
import { fault } from './failure.ts';

export type Trust = Pick<
  ConnectionOptions,
  'secureContext' | 'servername' | 'rejectUnauthorized' | 'checkServerIdentity'
>;

/** Reads the endpoint's certificates. Cost: parses them, so once for each connection. Errors: misconfigured. */
export function trustOf(endpoint: Endpoint): Trust {
  const { hostname } = new URL(endpoint.origin);
  const host = bare(hostname);
  // Names only: an address in this field is against RFC 6066, and is checked as the host anyway.
  const servername = endpoint.serverName ?? (isIP(host) === 0 ? host : undefined);
  return {
    ...(servername === undefined ? {} : { servername }),
    ...(endpoint.isNameUnchecked === true ? { checkServerIdentity: () => undefined } : {}),
    rejectUnauthorized: endpoint.isInsecure !== true,
    secureContext: contextOf(endpoint),
  };
}

/** The host of a URL as sockets want it: without the brackets of an IPv6 address. */
export const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

function contextOf(endpoint: Endpoint): ReturnType<typeof createSecureContext> {
  const { ca, cert, key, origin } = endpoint;
  if ((cert === undefined) !== (key === undefined)) {
    throw fault('misconfigured', `${origin}: a client certificate and its key come together, one is missing`);
  }
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
    });
  } catch {
    // OpenSSL's message can quote what it was given, and that is a key.
    throw fault(
      'misconfigured',
      `${origin}: the CA, the client certificate or its key is not valid PEM, or they do not match`,
    );
  }
}
