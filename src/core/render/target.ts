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
    selects(target.selector, textMapOf(object, 'labels'))
  );
}

/** As a person would say it: `Deployment shop/web`. */
export function describeTarget(target: Target): string {
  const name = [target.namespace, target.name].filter((part) => part !== undefined).join('/');
  const said = [target.kind ?? 'any kind', name].filter((part) => part !== '').join(' ');
  return target.selector.length === 0 ? said : `${said} by label`;
}
