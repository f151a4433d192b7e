/** Addresses that a check must never reach, by whatever name: those of the link, where clouds hand out credentials. */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { fault } from './failure.ts';

const guarded = new BlockList();
guarded.addSubnet('169.254.0.0', 16, 'ipv4');
guarded.addSubnet('fe80::', 10, 'ipv6');
// Alibaba's, Azure's and, over IPv6, Amazon's.
guarded.addAddress('100.100.100.200', 'ipv4');
guarded.addAddress('168.63.129.16', 'ipv4');
guarded.addAddress('fd00:ec2::254', 'ipv6');

/** An IPv4 address in IPv6's clothes counts as what it is. */
export function isGuardedAddress(address: string): boolean {
  const bare = address.split('%')[0] ?? '';
  const version = isIP(bare);
  if (version === 0) return false;
  return guarded.check(bare, version === 4 ? 'ipv4' : 'ipv6');
}

/** Errors: misconfigured. */
export function refuseAddress(host: string): void {
  if (isGuardedAddress(host)) throw fault('misconfigured', `${host} is an address that no check may ask`);
}

type Answered = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** As `dns.lookup`, without what may not be asked; when nothing else is left, it is refused. */
export function guardedLookup(host: string, options: LookupOptions, answer: Answered): void {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return answer(error, []);
    const open = found.filter(({ address }) => !isGuardedAddress(address));
    const [first] = open;
    if (first === undefined) return answer(new Error(`${host} has only addresses that no check may ask`), []);
    if (options.all === true) answer(null, open);
    else answer(null, first.address, first.family);
  });
}
