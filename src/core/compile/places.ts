/** Where the parts of an intent are written: a rendering names them, so it is another when they move. */
import { digestOfText } from '../json/digest.ts';
import { type Intent, originsIn } from '../model/intent.ts';
import type { Origin } from '../model/source.ts';

export function placesOf({ parts, variants, origin }: Intent): string {
  const places: Origin[] = [origin];
  for (const part of parts) {
    places.push(part.origin, ...originsIn(part.source));
  }
  for (const variant of variants) places.push(variant.origin, ...variant.patches.map((patch) => patch.origin));
  return digestOfText(places.map(({ path, line, column }) => `${path}:${line}:${column}`).join('\n'));
}
