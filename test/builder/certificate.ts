/** Certificates for test servers, made on the spot: nothing to renew, no private key in the repository. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** PEM texts of a certificate, its key, and the CA that signed it. */
export type TestCertificate = { readonly ca: string; readonly cert: string; readonly key: string };

type CertificateOptions = {
  /** Its own name; the host names and IPv4 addresses that it holds for. */
  readonly name: string;
  readonly hosts: readonly string[];
  readonly notAfter?: Date;
};

/** A new CA and one certificate of it, fit for servers and for clients (`name` is the user). */
export function testCertificate(options: CertificateOptions): TestCertificate {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const holder = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ca = certificate({ name: 'test CA', hosts: [] }, authority.publicKey, 'test CA', authority.privateKey, true);
  const cert = certificate(options, holder.publicKey, 'test CA', authority.privateKey, false);
  return { ca, cert, key: holder.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** Source: RFC 5280, 4.1. */
function certificate(
  options: CertificateOptions,
  publicKey: KeyObject,
  issuer: string,
  issuerKey: KeyObject,
  isAuthority: boolean,
): string {
  const ecdsaSha256 = sequence(oid([1, 2, 840, 10045, 4, 3, 2]));
  const names = options.hosts.map((host) =>
    /^[0-9.]+$/.test(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
  );
  const extensions = [
    sequence(oid([2, 5, 29, 19]), boolean(true), octets(sequence(...(isAuthority ? [boolean(true)] : [])))),
    ...(names.length === 0 ? [] : [sequence(oid([2, 5, 29, 17]), octets(sequence(...names)))]),
  ];
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaSha256,
    distinguishedName(issuer),
    sequence(time(new Date(Date.now() - 86_400_000)), time(options.notAfter ?? new Date(Date.now() + 86_400_000))),
    distinguishedName(options.name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuerKey);
  const whole = sequence(body, ecdsaSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** Source: X.690; lengths up to 65,535. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const octets = (content: Buffer): Buffer => der(0x04, content);
const boolean = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 255 : 0]));
const time = (date: Date): Buffer =>
  der(0x18, Buffer.from(`${date.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`));
const distinguishedName = (name: string): Buffer =>
  sequence(der(0x31, sequence(oid([2, 5, 4, 3]), der(0x0c, Buffer.from(name)))));

function oid([first = 0, second = 0, ...rest]: readonly number[]): Buffer {
  const bytes = [first * 40 + second];
  for (const number of rest) {
    const groups = [number & 127];
    for (let left = number >> 7; left > 0; left >>= 7) groups.unshift((left & 127) | 128);
    bytes.push(...groups);
  }
  return der(0x06, Buffer.from(bytes));
}
