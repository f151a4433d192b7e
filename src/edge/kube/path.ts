/** Where an object lives in a cluster's API. */
import { FaultError } from '../../core/model/fault.ts';
import type { Kind } from '../../core/model/kinds.ts';

export type ObjectRef = {
  readonly kind: Kind;
  /** Undefined for kinds that have none. */
  readonly namespace: string | undefined;
  readonly name: string;
};

export const apiVersionOf = (kind: Kind): string =>
  kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;

/** As a person would say it: `Deployment shop/web`. */
export const describeRef = ({ kind, namespace, name }: ObjectRef): string =>
  `${kind.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

/** The collection of a kind, in one namespace or over all. Errors: invalid, as `objectPath`. */
export function collectionPath(kind: Kind, namespace?: string): string {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const folder = kind.isNamespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : '';
  return `${root}${folder}/${kind.resource}`;
}

/** Errors: invalid, for a name that no object can have or a namespace that is missing. */
export function objectPath({ kind, namespace, name }: ObjectRef): string {
  if (kind.isNamespaced && namespace === undefined) {
    throw new FaultError({ kind: 'invalid', detail: `${kind.kind} ${name}: has no namespace` });
  }
  return `${collectionPath(kind, namespace)}/${segment(name)}`;
}

export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/**
 * One name as a part of a path. Names come from manifests: an empty one or `..` would turn the request for an object
 * into one for its whole collection, which for DELETE is not a detail.
 *
 * Source: k8s.io/apimachinery, IsValidPathSegmentName.
 */
function segment(name: string): string {
  if (name === '' || name === '.' || name === '..' || /[/%]/.test(name)) {
    throw new FaultError({ kind: 'invalid', detail: `${JSON.stringify(name)} cannot be a name in Kubernetes` });
  }
  return encodeURIComponent(name);
}
