/** The manifests of `config/deploy`, put together as kustomize does: enough of it for what is written there. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { at, isArray, isObject, type Json, textOf } from '../../src/core/json/value.ts';
import { asKubeObject, type KubeObject, textMapOf } from '../../src/core/model/object.ts';
import { readManifests } from '../../src/core/yaml/read.ts';

/** Documents of one YAML file; a file with a problem fails the test. */
export function readYAML(path: string): readonly Json[] {
  const { documents, problems } = readManifests(path, readFileSync(path));
  if (problems.length > 0) throw new Error(`${path}: ${problems.map(({ message }) => message).join('; ')}`);
  return documents.map(({ value }) => value);
}

/** The objects of a kustomization and of those below it, without what its generators make. */
export function deployObjects(folder: string): readonly KubeObject[] {
  const [kustomization = null] = readYAML(join(folder, 'kustomization.yaml'));
  const resources = at(kustomization, 'resources');
  return (isArray(resources) ? resources : []).flatMap((resource): readonly KubeObject[] => {
    const path = join(folder, textOf(resource) ?? '');
    return statSync(path).isDirectory() ? deployObjects(path) : readYAML(path).map(asKubeObject);
  });
}

/** As a cluster's controller leaves them: ClusterRoles that aggregate others have their rules. */
export function aggregated(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.map((object) => {
    const selectors = at(object, 'aggregationRule', 'clusterRoleSelectors');
    const selector = at(isArray(selectors) ? selectors[0] : undefined, 'matchLabels');
    if (!isObject(selector)) return object;
    const chosen = objects.filter((each) =>
      Object.entries(selector).every(([label, value]) => textMapOf(each, 'labels')[label] === value),
    );
    return asKubeObject({ ...object, rules: chosen.flatMap(({ rules }) => (isArray(rules) ? rules : [])) });
  });
}
