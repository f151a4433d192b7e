/** The receivers of events that the settings name. */
import { longDigestOfText } from '../../core/json/digest.ts';
import { type EventReceiver, openReceiver } from '../../edge/forge/receiver.ts';
import type { Settings } from '../settings/settings.ts';
import type { ForgesDeps } from './forges.ts';

export type Receivers = {
  /** By the repository's name. Dials nothing. `name`: the same for the same address, and tells nothing of it. */
  readonly of: ReadonlyMap<string, readonly { readonly receiver: EventReceiver; readonly name: string }[]>;
  readonly close: () => void;
};

export function openReceivers(settings: Settings, { version, ...deps }: ForgesDeps): Receivers {
  const of = new Map(
    settings.repositories.map(({ name, receivers, proxyURL }) => [
      name,
      receivers.map((chosen) => ({
        receiver: openReceiver({ ...chosen, proxyURL, version }, deps),
        name: longDigestOfText(chosen.url).slice(-12),
      })),
    ]),
  );
  return {
    of,
    close: () => {
      for (const { receiver } of [...of.values()].flat()) receiver.close();
    },
  };
}
