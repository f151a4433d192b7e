/** Documents that were meant for us and do not say so: a slip in the `apiVersion` must not make an App disappear. */
import { textOf } from '../json/value.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { excerpt } from '../model/excerpt.ts';
import { nativeGroup } from './files.ts';
import { apiVersion } from './native/schema/manifest.ts';
import { schemas } from './native/schema.ts';
import { nearest } from './nearest.ts';
import { kindOfDocument, originAt, type Placed } from './placed.ts';

/** Shape: what is wrong with a document that no dialect claims; nothing when it is not for us. */
export function almostNative(placed: Placed): readonly Diagnostic[] {
  const { kind, group } = kindOfDocument(placed.document);
  if (!Object.hasOwn(schemas, kind)) return [];
  const given = textOf(placed.document.value.apiVersion);
  const isNear =
    group.startsWith('landfall.') ||
    nearest(given ?? '', [apiVersion, nativeGroup]) !== undefined ||
    nearest(group, [nativeGroup]) !== undefined;
  if (given !== undefined && !isNear) return [];
  const hint = `did you mean \`apiVersion: ${apiVersion}\`?`;
  if (given !== undefined) {
    const message = `this ${kind} has the apiVersion ${excerpt(given)}`;
    return [{ code: 'A1105', severity: 'error', origin: originAt(placed, ['apiVersion']), message, hint }];
  }
  const message = `this ${kind} has no \`apiVersion\``;
  return [{ code: 'A1105', severity: 'error', origin: placed.origin, message, hint }];
}
