/** What Applications say beside their manifests: whom to leave fields to, what a project allows, whether to prune. */
import { at, isObject, type Json, type JsonObject, textOf } from '../json/value.ts';
import type { KubeObject } from '../model/object.ts';
import type { Placed } from './argocd-placed.ts';
import type { Remark } from './manifest.ts';
import { shown } from './open-name.ts';
import { objects, text, texts } from './surroundings.ts';

export function ignoreOf(rules: Json | undefined, remark: (reason: string) => void): readonly JsonObject[] {
  return objects(rules).flatMap((rule): readonly JsonObject[] => {
    const written = texts(rule.jqPathExpressions);
    const pointers = written.flatMap((expression) => pointerOf(expression) ?? []);
    if (pointers.length < written.length || texts(rule.managedFieldsManagers).length > 0)
      remark('ignores differences by jq or by manager: write the JSON pointers into `ignore`');
    const paths = [...texts(rule.jsonPointers), ...pointers];
    const target = Object.fromEntries(
      ['group', 'kind', 'name', 'namespace'].flatMap((field) => {
        const value = textOf(rule[field]);
        return value === undefined || value === '' || value === '*' ? [] : [[field, value]];
      }),
    );
    return paths.length === 0 ? [] : [{ target, paths }];
  });
}

/** `.spec.replicas`, `.metadata.annotations["a/b"]`, `.spec.containers[0]`: what jq says of one place. */
function pointerOf(expression: string): string | undefined {
  const steps = [...expression.matchAll(/\.([A-Za-z_]\w*)|\.?\["([^"\\]+)"\]|\.?"([^"\\]+)"|\[([0-9]+)\]/g)];
  if (steps.map(([whole]) => whole).join('') !== expression || steps.length === 0) return undefined;
  const named = steps.map(([, field, inBrackets, quoted, index]) => field ?? inBrackets ?? quoted ?? index ?? '');
  return named.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A project that allows everything says nothing. */
export function projectRemarks(found: readonly KubeObject[], placed: readonly Placed[]): readonly Remark[] {
  const names = new Set(
    placed.map(({ spec }) => text(spec, 'project')).filter((name) => name !== '' && name !== 'default'),
  );
  return [...names].flatMap((name) => {
    const project = found.find(({ kind, metadata }) => kind === 'AppProject' && metadata.name === name);
    const subject = `AppProject ${shown(name)}`;
    if (project === undefined) return [{ subject, reason: 'what it allows is for a Tenant to say' }];
    const { sourceRepos, destinations, clusterResourceWhitelist, syncWindows } = isObject(project.spec)
      ? project.spec
      : {};
    const isOpen =
      texts(sourceRepos).includes('*') &&
      objects(destinations).some(
        (each) => text(each, 'namespace') === '*' && (text(each, 'server') === '*' || text(each, 'name') === '*'),
      ) &&
      objects(clusterResourceWhitelist).some((each) => text(each, 'kind') === '*');
    const windows =
      objects(syncWindows).length === 0
        ? []
        : [{ subject, reason: 'has windows: a Freeze, or `windows` of a stage, says when nothing moves' }];
    return [...(isOpen ? [] : [{ subject, reason: 'what it allows is for a Tenant to say' }]), ...windows];
  });
}

/** Said once for all: it is most of them, or none. */
export function pruneRemarks(placed: readonly Placed[]): readonly Remark[] {
  const keeping = placed.filter(({ spec }) => {
    const automated = at(spec, 'syncPolicy', 'automated');
    return isObject(automated) && automated.enabled !== false && automated.prune !== true;
  });
  if (keeping.length === 0) return [];
  const names = keeping.slice(0, 5).map(({ name }) => shown(name));
  return [
    {
      subject: `Applications ${names.join(', ')}${keeping.length > names.length ? ` and ${keeping.length - names.length} more` : ''}`,
      reason:
        'prune nothing; Landfall deletes what is taken out of Git. An object that is to stay has the annotation `landfall.dev/on-delete: Orphan`',
    },
  ];
}
