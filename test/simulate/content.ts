/** What a commit of a random life says: a few Apps, their versions, and where they are; as files, and as what clusters should hold. */
import { clusterManifests } from '../builder/fleet.ts';
import { app, configMap, deployment, placement } from '../builder/manifest.ts';

export const clusters = ['a', 'b', 'c', 'd'] as const;

export type Content = {
  /** The tag of `web`; one that ends in `-broken` never becomes healthy. */
  readonly web: string;
  /** ConfigMaps beside `web`, by name. */
  readonly maps: Readonly<Record<string, number>>;
  /** Of `api`, which may be gone. */
  readonly api: number | undefined;
  /** Clusters that the production stage of `web` names. */
  readonly production: readonly string[];
  /** A file among the manifests cannot be read. */
  readonly isUnreadable: boolean;
  /** Everything is gone but the clusters: by mistake, as far as anybody can tell. */
  readonly isEmptied: boolean;
};

export const firstContent: Content = {
  web: '1',
  maps: { one: 1, two: 1 },
  api: 1,
  production: ['b', 'c', 'd'],
  isUnreadable: false,
  isEmptied: false,
};

/** All files, gone ones too: what a commit does not name it leaves as it is. */
export function filesOf(content: Content): Readonly<Record<string, string | undefined>> {
  const { web, maps, api, production, isUnreadable, isEmptied } = content;
  const names = production.join(', ');
  const stages = [
    '{name: canary, clusterNames: [a], soak: 20s}',
    `{name: production, clusterNames: [${names}], maxUnavailable: 1}`,
  ];
  const objects = [
    deployment('web', `example.com/web:${web}`),
    ...Object.entries(maps).map(([name, value]) => configMap(name, String(value))),
  ];
  return {
    ...clusterManifests(clusters),
    'web.yaml': isEmptied ? undefined : `${app('web')}---\n${placement('web', stages)}`,
    'api.yaml':
      isEmptied || api === undefined
        ? undefined
        : `${app('api')}---\n${placement('api', ['{name: all, clusterNames: [a, b, c, d]}'])}`,
    'apps/web/web.yaml': objects.join('---\n'),
    'apps/api/api.yaml': configMap('api', String(api ?? 0)),
    'broken.yaml': isUnreadable ? 'kind: [App\n' : undefined,
  };
}

/** `Kind name` to what is meant by it, on one cluster. */
export function wantedOn(
  cluster: string,
  { web, maps, api, production, isEmptied }: Content,
): ReadonlyMap<string, string> {
  if (isEmptied) return new Map();
  const hasWeb = cluster === 'a' || production.includes(cluster);
  return new Map([
    ...(hasWeb ? [['Deployment web', `example.com/web:${web}`] as const] : []),
    ...(hasWeb ? Object.entries(maps).map(([name, value]) => [`ConfigMap ${name}`, String(value)] as const) : []),
    ...(api === undefined ? [] : [['ConfigMap api', String(api)] as const]),
  ]);
}

/**
 * Does it say that an object is to go? What is empty, or cannot be read, takes no App from any cluster; an App that is there
 * all the same may still drop an object.
 */
export function drops(name: string, cluster: string, content: Content): boolean {
  const wanted = wantedOn(cluster, content);
  if (content.isEmptied || wanted.has(name)) return false;
  return !content.isUnreadable || (name !== 'ConfigMap api' && wanted.has('Deployment web'));
}
