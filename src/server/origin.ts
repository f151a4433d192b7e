/** Which addresses and names mean this very machine. */

/** Does a listener on it hear this machine alone? */
export function isLocalAddress(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** Does a `Host` header name this machine? A port may follow. */
export function isLocalName(header: string): boolean {
  const host = /^\[(?<address>[^\]]*)\](?::\d+)?$/.exec(header)?.groups?.address ?? header.replace(/:\d+$/, '');
  return isLocalAddress(host.toLowerCase()) || host.toLowerCase().endsWith('.localhost');
}
