/** The ways in, opened as the settings say. */
import type { Clock } from '../../seam/clock.ts';
import type { Log } from '../../seam/log.ts';
import type { Net } from '../../seam/net.ts';
import type { Rng } from '../../seam/rng.ts';
import type { Gates } from './access.ts';
import { Provider } from './provider.ts';
import { type ProviderFetchSettings, providerFetch } from './provider-fetch.ts';
import { ProviderGate, type ProviderGateSettings } from './provider-gate.ts';
import { Sealer, sealKey } from './seal.ts';
import { TokenGate } from './token-gate.ts';

export type GateSettings = {
  readonly tokenFile: string | undefined;
  /** What cookies are sealed with; undefined: a key of this process alone. */
  readonly sessionKeyFile: string | undefined;
  readonly provider: (ProviderGateSettings & ProviderFetchSettings) | undefined;
};

export type GateDeps = {
  readonly net: Net;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly signal: AbortSignal;
};

/** Errors: FaultError misconfigured, when a file cannot be read. The provider is not asked yet: it may be away. */
export async function openGates(settings: GateSettings, deps: GateDeps): Promise<Gates> {
  const { tokenFile, sessionKeyFile, provider } = settings;
  const gates = {
    token: tokenFile === undefined ? undefined : new TokenGate(tokenFile, deps.clock),
    provider: provider === undefined ? undefined : openProvider(provider, sessionKeyFile, deps),
  };
  await gates.token?.check();
  await gates.provider?.check();
  return gates;
}

function openProvider(
  settings: NonNullable<GateSettings['provider']>,
  keyFile: string | undefined,
  { net, clock, rng, log, signal }: GateDeps,
): ProviderGate {
  const provider = new Provider(settings, { fetch: providerFetch(settings, { net, clock, signal }), clock });
  const sealer = new Sealer({ key: sealKey(keyFile, rng), clock });
  return new ProviderGate(settings, { provider, sealer, log });
}
