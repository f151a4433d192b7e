/** What a server's branches point at: protocol 2 in one small request, older servers by their whole list. */
import { FaultError } from '../../../core/model/fault.ts';
import { isOid } from '../objects/object.ts';
import { asListed, type Call, type RefLister, type Refs } from '../remote/remote.ts';
import { misconfigured } from '../settings.ts';
import type { Link } from './link.ts';
import { type Packet, packet, readPackets } from './pkt-line.ts';

/**
 * Lists refs.
 *
 * Cost: one request of some 200 bytes once the server is known to speak protocol 2, two the first time.
 * Errors: FaultError, or the signal's reason.
 * Source: gitprotocol-http(5), gitprotocol-v2(5).
 */
export function refLister(link: Link, answerMax: number): RefLister {
  let isVersion2 = false;
  return async (prefixes, call) => {
    if (!isVersion2) {
      const greeting = await greet(link, prefixes, answerMax, call);
      if (greeting.kind === 'refs') return greeting.refs;
      isVersion2 = true;
    }
    try {
      return await listRefs(link, prefixes, answerMax, call);
    } catch (error) {
      // Another server may answer behind the same name now: next time begins from the beginning.
      isVersion2 = false;
      throw error;
    }
  };
}

/** The header's value, where the server takes one. */
export const authorizationOf = ({ credential }: Call): string | undefined =>
  credential.kind === 'header' ? credential.value : undefined;

type Greeting = { readonly kind: 'version2' } | { readonly kind: 'refs'; readonly refs: Refs };

async function greet(link: Link, prefixes: readonly string[], answerMax: number, call: Call): Promise<Greeting> {
  const body = await link.request(
    {
      method: 'GET',
      path: '/info/refs?service=git-upload-pack',
      headers: { 'git-protocol': 'version=2' },
      answerMax,
      authorization: authorizationOf(call),
      expects: 'application/x-git-upload-pack-advertisement',
    },
    call.signal,
  );
  const packets = readPackets(body);
  if (packets.at(-1)?.kind !== 'flush') throw cutShort();
  const lines = linesOf(packets).filter((line) => !line.startsWith('# service='));
  if (lines[0] === 'version 2') {
    if (lines.includes('object-format=sha256')) throw sha256();
    return { kind: 'version2' };
  }
  return { kind: 'refs', refs: refsOfVersion0(lines, prefixes) };
}

async function listRefs(link: Link, prefixes: readonly string[], answerMax: number, call: Call): Promise<Refs> {
  const body = [
    packet('command=ls-refs\n'),
    packet('object-format=sha1\n'),
    '0001',
    packet('symrefs\n'),
    ...prefixes.map((prefix) => packet(`ref-prefix ${prefix}\n`)),
    '0000',
  ];
  const answer = await link.request(
    {
      method: 'POST',
      path: '/git-upload-pack',
      headers: {
        'git-protocol': 'version=2',
        'content-type': 'application/x-git-upload-pack-request',
        accept: 'application/x-git-upload-pack-result',
      },
      body: Buffer.from(body.join('')),
      answerMax,
      authorization: authorizationOf(call),
      expects: 'application/x-git-upload-pack-result',
    },
    call.signal,
  );
  const packets = readPackets(answer);
  // A list that is whole ends in a flush; one that is cut would seem to lack branches.
  if (packets.at(-1)?.kind !== 'flush') throw cutShort();
  return new Map(linesOf(packets).map((line) => refOf(line)));
}

/** `<oid> <name>[ symref-target:<name>][ peeled:<oid>]` */
function refOf(line: string): readonly [string, { readonly oid: string; readonly target: string | undefined }] {
  const [oid = '', name = '', ...attributes] = line.split(' ');
  const target = attributes.find((attribute) => attribute.startsWith('symref-target:'))?.slice('symref-target:'.length);
  return [name, { oid: checked(oid), target }];
}

/** The list of protocols 0 and 1; capabilities follow the first name. Source: gitprotocol-pack(5). */
function refsOfVersion0(lines: readonly string[], prefixes: readonly string[]): Refs {
  const [first = '', capabilities = ''] = (lines[0] === 'version 1' ? lines[1] : lines[0])?.split('\0') ?? [];
  if (capabilities.includes('object-format=sha256')) throw sha256();
  const targets = new Map(
    [...capabilities.matchAll(/symref=([^: ]+):([^ ]+)/g)].map(([, name = '', target = '']) => [name, target]),
  );
  const rest = lines.slice(lines[0] === 'version 1' ? 2 : 1);
  const refs = [first, ...rest].flatMap((line): [string, { oid: string; target: string | undefined }][] => {
    const [oid = '', name = ''] = line.split(' ');
    if (name === '' || name === 'capabilities^{}' || name.endsWith('^{}')) return [];
    return [[name, { oid: checked(oid), target: targets.get(name) }]];
  });
  const wanted = prefixes.map(asListed);
  return new Map(refs.filter(([name]) => wanted.length === 0 || wanted.some((prefix) => name.startsWith(prefix))));
}

function linesOf(packets: readonly Packet[]): readonly string[] {
  return packets.flatMap((packet) => {
    if (packet.kind !== 'line') return [];
    if (packet.text.startsWith('ERR ')) {
      throw new FaultError({ kind: 'protocol', detail: 'the server refuses to list its branches' });
    }
    return [packet.text];
  });
}

function checked(oid: string): string {
  if (isOid(oid)) return oid;
  if (/^[0-9a-f]{64}$/.test(oid)) throw sha256();
  throw cutShort();
}

const cutShort = (): FaultError =>
  new FaultError({ kind: 'protocol', detail: 'the list of branches is no proper list' });
const sha256 = (): FaultError => misconfigured('the repository names its objects by SHA-256, which is not supported');
