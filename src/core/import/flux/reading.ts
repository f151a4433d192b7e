/** One object of Flux on its way, and where what it names is. */
import { at, isObject, type JsonObject, textOf } from '../../json/value.ts';
import type { KubeObject } from '../../model/object.ts';
import type { OverlayFile } from '../overlay.ts';
import { type Surroundings, text } from '../surroundings.ts';

export type Reading = {
  readonly object: KubeObject;
  readonly spec: JsonObject;
  readonly app: { readonly namespace: string; readonly name: string };
  /** Whatever was given, by kind, namespace and name. */
  readonly given: ReadonlyMap<string, KubeObject>;
  readonly around: Surroundings;
  readonly remark: (reason: string) => void;
};

/** What an object comes to; what it has beside its component is of the App. */
export type Said = {
  readonly component: JsonObject;
  readonly variants: readonly JsonObject[];
  readonly variables: JsonObject;
  readonly ignore: readonly JsonObject[];
  readonly overlays: readonly OverlayFile[];
};

export const onlyComponent = (component: JsonObject): Said => ({
  component,
  variants: [],
  variables: {},
  ignore: [],
  overlays: [],
});

export const keyOf = (kind: string, namespace: string, name: string): string => `${kind} ${namespace}/${name}`;

export function givenAs(
  kind: string,
  reference: JsonObject | undefined,
  { object, given }: Reading,
): KubeObject | undefined {
  const namespace = text(reference, 'namespace') || (object.metadata.namespace ?? '');
  return given.get(keyOf(kind, namespace, text(reference, 'name')));
}

export function sourceOf(reading: Reading, reference: JsonObject | undefined): JsonObject | undefined {
  const source = givenAs(text(reference, 'kind'), reference, reading);
  return source === undefined ? undefined : isObject(source.spec) ? source.spec : {};
}

/** Undefined: its files are in this repository. */
export function notHere(reading: Reading, reference: JsonObject | undefined): string | undefined {
  const named = `${text(reference, 'kind')} ${text(reference, 'name')}`;
  if (text(reference, 'kind') !== 'GitRepository') return `its source is ${named}: Landfall reads Git`;
  const source = sourceOf(reading, reference);
  if (source === undefined) return `its source ${named} is not among the objects given`;
  const url = text(source, 'url');
  if (!reading.around.isOurs(url)) return `its manifests are in ${url}: import it in a clone of that repository`;
  const fixed = ['tag', 'semver', 'commit', 'name'].filter((field) => textOf(at(source, 'ref', field)) !== undefined);
  if (fixed.length > 0)
    reading.remark(
      `follows a ${fixed.join(', ')}; here it follows the branch of the settings, or a Pin where the stage says \`revision: Pinned\``,
    );
  return undefined;
}

export const fieldsIn = (spec: JsonObject, names: readonly string[]): string =>
  names
    .filter((name) => spec[name] !== undefined)
    .map((name) => `\`${name}\``)
    .join(', ');
