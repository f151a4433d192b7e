/** What imports are given in tests: objects as YAML, and a repository with some files. */
import { App } from '../../../src/core/dialect/native/schema/app.ts';
import { Cluster } from '../../../src/core/dialect/native/schema/cluster.ts';
import { Placement } from '../../../src/core/dialect/native/schema/placement.ts';
import type { Imported } from '../../../src/core/import/manifest.ts';
import { repositoryName, type Surroundings } from '../../../src/core/import/surroundings.ts';
import { isKubeObject, type KubeObject } from '../../../src/core/model/object.ts';
import { formatYamlDocuments } from '../../../src/core/yaml/format.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';

export const around: Surroundings = {
  isOurs: (url) => repositoryName(url) === 'git.example.com/shop/deploy',
  paths: new Set([
    'apps/web/deployment.yaml',
    'apps/api/kustomization.yaml',
    'charts/shop/Chart.yaml',
    'add-ons/cert-manager/a.yaml',
    'add-ons/ingress/a.yaml',
    'add-ons/old/a.yaml',
  ]),
  host: 'hub',
  declared: new Set(),
};

export function objectsOf(text: string): readonly KubeObject[] {
  const { documents, problems } = readManifests('given.yaml', text);
  if (problems.length > 0) throw new Error(problems[0]!.message);
  return documents.map(({ value }) => value).filter(isKubeObject);
}

const schemas: Readonly<Record<string, typeof App | typeof Placement | typeof Cluster>> = { App, Placement, Cluster };

/** What Landfall would say of the manifests: nothing, or they help nobody. */
export const problemsIn = ({ files }: Imported): readonly string[] =>
  [...files].flatMap(([path, documents]) =>
    documents.flatMap((document) => {
      const { error } = schemas[String(document.kind)]!.safeParse(document);
      return (error?.issues ?? []).map((issue) => `${path}: ${issue.path.join('.')} ${issue.message}`);
    }),
  );

/** As it would lie in the folder. */
export const textsOf = ({ files }: Imported): string =>
  [...files].map(([path, documents]) => `# ${path}\n${formatYamlDocuments(documents)}`).join('---\n');

export const reasonsOf = ({ remarks }: Imported): readonly string[] =>
  remarks.map(({ subject, reason }) => `${subject}: ${reason}`);
