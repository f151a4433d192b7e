/** What is told from the text of a file that is copied whole. */
import { isObject, textOf } from '../json/value.ts';
import { groupOf } from '../model/object.ts';
import { readManifests } from '../yaml/read.ts';

/** The group of the native manifests. */
const nativeGroup = 'landfall.dev';

/** Does it hold an App, a Placement or the like? They say what their own folder is. */
export function isOwnKind(text: string): boolean {
  // Most files need no parsing for that.
  if (!text.includes(nativeGroup)) return false;
  const { documents } = readManifests('', text);
  return documents.some(({ value }) => groupOf(textOf(value.apiVersion) ?? '') === nativeGroup);
}

/** Is its text bound to a digest of all of it? */
export const isEncrypted = (value: { readonly sops?: unknown }): boolean => {
  const { sops } = value;
  return isObject(sops) && sops.mac !== undefined;
};
