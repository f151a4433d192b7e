/** Where the record of a cell is, and what its objects call it. */
import { digestOfText, hashOfText } from '../json/digest.ts';
import type { AppId, InstallationId } from '../model/id.ts';

/** On every member: records, leases and the installation's key. */
export const systemNamespace = 'landfall-system';

const nameMax = 200;

/**
 * The name of a cell's record on its cluster.
 *
 * Shape: `<installation>.<namespace>.<name>` where that is a name Kubernetes takes and nobody else can have; a digest
 *   stands for the rest where not.
 */
export function recordNameOf(installation: InstallationId, app: AppId): string {
  const plain = `${installation}.${app.replace('/', '.')}`;
  // A dot may also be inside of a namespace's or an App's name, so only names with exactly one owner go without digest.
  const isPlain = /^[a-z0-9-]+\.[a-z0-9-]+\.[a-z0-9-]+$/.test(plain) && plain.length <= nameMax;
  if (isPlain) return plain;
  const readable = plain
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]|(?<![a-z0-9])[.-]/g, '')
    .slice(0, nameMax);
  return `${readable.replace(/[.-]+$/, '')}-x${digestOfText(plain)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')}`;
}

/** 55 characters: fits a label value. Source: KEP-3659, `applyset-<base64url of SHA-256>-v1`. */
export function applySetIdOf(recordName: string): string {
  return `applyset-${hashOfText(`${recordName}.${systemNamespace}.ConfigMap.`)}-v1`;
}
