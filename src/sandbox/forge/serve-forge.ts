/** A sandbox forge over HTTP, on this machine only. */
import { type Listener, listen } from '../serve/listener.ts';
import { createForge, type ForgeOptions, type SandboxForge } from './forge.ts';

export type ServedForge = Listener & { readonly forge: SandboxForge };

/** Shape: `url` is the forge's; its API is below `/api/v1`. */
export async function serveForge(options: ForgeOptions): Promise<ServedForge> {
  const forge = createForge(options);
  return { ...(await listen((path) => ({ handle: forge.handle, path }), 0)), forge };
}
