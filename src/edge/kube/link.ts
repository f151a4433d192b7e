/** The connection to a cluster, replaced when the credentials' certificates change. */
import type { Clock } from '../../seam/clock.ts';
import type { Connection, Net } from '../../seam/net.ts';
import type { Credentials, Login } from './login.ts';

export type Link = {
  /** What to send on, and as whom. Errors: those of the credentials. */
  readonly open: (signal: AbortSignal) => Promise<{ readonly connection: Connection; readonly login: Login }>;
  /** See `Credentials`. */
  readonly forget: (login: Login) => void;
  readonly close: () => void;
};

type Deps = { readonly net: Net; readonly clock: Clock };

/** `drainMs`: how long a connection that was replaced may finish what it carries; at least a watch's life. */
export function link(credentials: Credentials, drainMs: number, deps: Deps): Link {
  let current: { readonly connection: Connection; readonly login: Login } | undefined;
  const draining = new Map<Connection, () => void>();

  const retire = (connection: Connection): void => {
    const cancel = deps.clock.after(drainMs, () => {
      draining.delete(connection);
      connection.close();
    });
    draining.set(connection, cancel);
  };

  const open: Link['open'] = async (signal) => {
    const login = await credentials.login(signal);
    if (current?.login.endpoint !== login.endpoint) {
      if (current !== undefined) retire(current.connection);
      current = { connection: deps.net.connect(login.endpoint), login };
    } else if (current.login !== login) current = { connection: current.connection, login };
    return current;
  };

  const close = (): void => {
    for (const [connection, cancel] of draining) {
      cancel();
      connection.close();
    }
    draining.clear();
    current?.connection.close();
    current = undefined;
  };
  return { open, forget: (login) => credentials.forget(login), close };
}
