/** Other images for some clusters. */
import { isArray, isObject, type Json, withFields } from '../json/value.ts';
import type { ImageChange } from '../model/intent.ts';
import type { KubeObject } from '../model/object.ts';

/** Lists whose members run an image, wherever they stand: pod templates, custom resources that embed them. */
const containerLists: ReadonlySet<string> = new Set(['containers', 'initContainers', 'ephemeralContainers']);

export type ImageResult = { readonly object: KubeObject; readonly isMatched: boolean };

/** Shape: the object itself when nothing in it changes. Every container whose image has the name of `change` gets the new name, tag or digest; what is not given stays. */
export function changeImage(object: KubeObject, change: ImageChange): ImageResult {
  let isMatched = false;
  const walk = (value: Json, field: string): Json => {
    if (isArray(value)) {
      const parts = containerLists.has(field) ? value.map(changeContainer) : value.map((part) => walk(part, ''));
      return parts.every((part, index) => part === value[index]) ? value : parts;
    }
    if (!isObject(value)) return value;
    const fields = Object.entries(value).map(([name, part]) => [name, walk(part, name)] as const);
    return fields.every(([name, part]) => part === value[name]) ? value : Object.fromEntries(fields);
  };
  const changeContainer = (container: Json): Json => {
    if (!isObject(container) || typeof container.image !== 'string') return container;
    const image = parseImage(container.image);
    if (image.name !== change.name) return container;
    isMatched = true;
    return withFields(container, { image: formatImage(image, change) });
  };
  const fields = Object.entries(object).filter(([field]) => field !== 'metadata');
  const changed = fields.map(([field, part]) => [field, walk(part, field)] as const);
  const isSame = changed.every(([field, part]) => part === object[field]);
  return { object: isSame ? object : { ...object, ...Object.fromEntries(changed) }, isMatched };
}

type Image = { readonly name: string; readonly tag: string | undefined; readonly digest: string | undefined };

/** Source: the reference grammar of the OCI distribution specification; a colon before the last slash is a port. */
function parseImage(text: string): Image {
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const rest = at === -1 ? text : text.slice(0, at);
  const colon = rest.lastIndexOf(':');
  if (colon <= rest.lastIndexOf('/')) return { name: rest, tag: undefined, digest };
  return { name: rest.slice(0, colon), tag: rest.slice(colon + 1), digest };
}

/** A new tag without a new digest drops the old digest, which would win over the tag. */
function formatImage(image: Image, change: ImageChange): string {
  const name = change.newName ?? image.name;
  const tag = change.newTag ?? (change.digest === undefined ? image.tag : undefined);
  const digest = change.digest ?? (change.newTag === undefined ? image.digest : undefined);
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
