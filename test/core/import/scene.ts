/** What imports are given in tests: objects as YAML, and a repository with some files. */
import { App } from '../../../src/core/dialect/native/schema/app.ts';
import { Cluster } from '../../../src/core/dialect/native/schema/cluster.ts';
import { Placement } from '../../../src/core/dialect/native/schema/placement.ts';
import type { Imported } from '../../../src/core/import/manifest.ts';
import { repositoryName, type Surroundings } from '../../../src/core/import/surroundings.ts';
import { isKubeObject, type KubeObject } from '../../../src/core/model/object.ts';
import { formatYamlDocuments } from '../../../src/core/yaml/format.ts';
import { readManifests } from '../../../src/core/yaml/read.ts';

export const files: Readonly<Record<string, string>> = {
  'apps/web/deployment.yaml': 'kind: Deployment',
  'apps/api/kustomization.yaml': 'resources: [a.yaml]\nimages: [{name: api, newName: registry/api}]',
  'charts/shop/Chart.yaml': '',
  'charts/shop/templates/a.tpl': '',
  'add-ons/cert-manager/a.yaml': 'kind: ConfigMap',
  'add-ons/ingress/a.yaml': 'kind: ConfigMap',
  'add-ons/old/a.yaml': 'kind: ConfigMap',
  'config/eu/eu-1.json': '{"cluster": {"name": "eu-1", "zone": "a"}, "tag": "1.2"}',
  'config/us/us-1.json': '{"cluster": {"name": "us-1", "zone": "b"}, "tag": "1.3"}',
  'settings/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {colour: "${colour}"}',
  'waves/a.yaml': 'kind: ConfigMap\nmetadata: {annotations: {argocd.argoproj.io/sync-wave: "2"}}',
  'waves/b.yaml': 'kind: ConfigMap',
  'waves/migrate.yaml': 'kind: Job\nmetadata:\n  annotations:\n    argocd.argoproj.io/hook: PreSync\n',
  'waves/below/c.yaml': 'kind: ConfigMap',
};

export const around: Surroundings = {
  isOurs: (url) => repositoryName(url) === 'git.example.com/shop/deploy',
  paths: new Set(Object.keys(files)),
  read: (path) => files[path],
  parseYaml: (text) => {
    const { documents, problems } = readManifests('given.yaml', text);
    return problems.length > 0 ? undefined : (documents[0]?.value ?? {});
  },
  prefix: '',
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
      // A kustomization, or values.
      if (!String(document.apiVersion).startsWith('landfall.dev/')) return [];
      const { error } = schemas[String(document.kind)]!.safeParse(document);
      return (error?.issues ?? []).map((issue) => `${path}: ${issue.path.join('.')} ${issue.message}`);
    }),
  );

/** As it would lie in the folder. */
export const textsOf = ({ files }: Imported): string =>
  [...files].map(([path, documents]) => `# ${path}\n${formatYamlDocuments(documents)}`).join('---\n');

export const reasonsOf = ({ remarks }: Imported): readonly string[] =>
  remarks.map(({ subject, reason }) => `${subject}: ${reason}`);
