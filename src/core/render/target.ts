/** Does a target mean this object? */
import type { Target } from '../model/intent.ts';
import { groupOf, type KubeObject, textMapOf, versionOf } from '../model/object.ts';
import { selects } from '../model/selector.ts';

/** Every part that the target gives must be equal; the selector is on the object's labels. */
export function isTarget(target: Target, object: KubeObject): boolean {
  const { apiVersion, kind, metadata } = object;
  return (
    (target.group === undefined || target.group === groupOf(apiVersion)) &&
    (target.version === undefined || target.version === versionOf(apiVersion)) &&
    (target.kind === undefined || target.kind === kind) &&
    (target.namespace === undefined || target.namespace === metadata.namespace) &&
    (target.name === undefined || target.name === metadata.name) &&
    (target.selector.length === 0 || selects(target.selector, textMapOf(object, 'labels')))
  );
}

/** As a person would say it: `Deployment shop/web`, `object in namespace shop with such labels`. */
export function describeTarget({ kind, namespace, name, selector }: Target): string {
  const full = namespace === undefined || name === undefined ? name : `${namespace}/${name}`;
  const parts = [
    kind ?? 'object',
    ...(full === undefined ? [] : [full]),
    ...(namespace !== undefined && name === undefined ? [`in namespace ${namespace}`] : []),
    ...(selector.length > 0 ? ['with such labels'] : []),
  ];
  return parts.join(' ');
}
