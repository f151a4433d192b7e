/** The real network: HTTP/2 where the server speaks it, else HTTP/1.1, over sockets. */
import type { Clock } from '../../seam/clock.ts';
import type { Endpoint, Net } from '../../seam/net.ts';
import { openConnection } from './connection.ts';
import { defaultNetOptions, type NetOptions } from './options.ts';

/** Errors: `connect` none; each request says what is wrong with the endpoint. */
export function systemNet(deps: { readonly clock: Clock }, options: Partial<NetOptions> = {}): Net {
  const settings = { ...defaultNetOptions, ...options };
  // Servers in the clear cannot be asked which protocol they speak; they are tried once.
  const http1Origins = new Set<string>();
  return { connect: (endpoint: Endpoint) => openConnection(endpoint, { ...deps, http1Origins }, settings) };
}
