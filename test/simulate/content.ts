/** What a commit of a random life says: a few Apps, their versions, and where they are; as files, and as what clusters should hold. */
import { clusterManifests } from '../builder/fleet.ts';
import { app, configMap, deployment, freeze, pin, placement } from '../builder/manifest.ts';

export const clusters = ['a', 'b', 'c', 'd'] as const;

export type Content = {
  /** The tag of `web`; one that ends in `-broken` never becomes healthy. */
  readonly web: string;
  /** ConfigMaps beside `web`, by name. */
  readonly maps: Readonly<Record<string, number>>;
  /** Of `api`, which may be gone. */
  readonly api: number | undefined;
  /** The commit that the production of `api` is pinned to; undefined: it has no production yet. */
  readonly pinned: { readonly commit: string; readonly api: number } | undefined;
  /** `origin` of cluster `a` is copied to the others. */
  readonly isCopied: boolean;
  /** Nothing but drift may be changed on `c` and `d`. */
  readonly isFrozen: boolean;
  /** Clusters that the production stage of `web` names. */
  readonly production: readonly string[];
  /** A slip: that stage names a cluster that there never was instead of its last one. */
  readonly isSlipped: boolean;
  /** `d` is in the inventory no more; what names it still does. */
  readonly hasLeft: boolean;
  /** A file among the manifests cannot be read. */
  readonly isUnreadable: boolean;
  /** Everything is gone but the clusters: by mistake, as far as anybody can tell. */
  readonly isEmptied: boolean;
};

export const firstContent: Content = {
  web: '1',
  maps: { one: 1, two: 1 },
  api: 1,
  pinned: undefined,
  isCopied: true,
  isFrozen: false,
  production: ['b', 'c', 'd'],
  isSlipped: false,
  hasLeft: false,
  isUnreadable: false,
  isEmptied: false,
};

const copyApp = `apiVersion: landfall.dev/v1alpha1
kind: App
metadata: {name: copy, namespace: shop}
spec:
  components:
  - {name: copy, namespace: shop, copy: [{cluster: a, resource: configmap, namespace: source, name: origin}]}
`;
const copyStages = ['{name: canary, clusterNames: [b], soak: 20s}', '{name: production, clusterNames: [c, d]}'];
const apiStages = [
  '{name: canary, clusterNames: [a], soak: 10s}',
  '{name: production, clusterNames: [b, c, d], revision: Pinned}',
];
const longTime = 'from: "2000-01-01T00:00:00Z", until: "2100-01-01T00:00:00Z"';

/** All files, gone ones too: what a commit does not name it leaves as it is. */
export function filesOf(content: Content): Readonly<Record<string, string | undefined>> {
  const { web, maps, api, pinned, isCopied, isFrozen, production, isSlipped, hasLeft, isUnreadable, isEmptied } =
    content;
  const names = isSlipped ? [...production.slice(0, -1), 'misspelt'] : production;
  const stages = [
    '{name: canary, clusterNames: [a], soak: 20s}',
    `{name: production, clusterNames: [${names.join(', ')}], maxUnavailable: 1}`,
  ];
  const objects = [
    deployment('web', `example.com/web:${web}`),
    ...Object.entries(maps).map(([name, value]) => configMap(name, String(value))),
  ];
  const hasApi = !isEmptied && api !== undefined;
  return {
    ...clusterManifests(clusters),
    ...(hasLeft ? { 'clusters/d.yaml': undefined } : {}),
    'web.yaml': isEmptied ? undefined : `${app('web')}---\n${placement('web', stages)}`,
    'api.yaml': hasApi ? `${app('api')}---\n${placement('api', apiStages)}` : undefined,
    'pins/api.yaml': hasApi && pinned !== undefined ? pin('api', 'production', pinned.commit) : undefined,
    'copy.yaml': isEmptied || !isCopied ? undefined : `${copyApp}---\n${placement('copy', copyStages)}`,
    'freeze.yaml': isFrozen ? freeze('still', `{clusterNames: [c, d], ${longTime}, allow: [DriftRepair]}`) : undefined,
    'apps/web/web.yaml': objects.join('---\n'),
    'apps/api/api.yaml': configMap('api', String(api ?? 0)),
    'broken.yaml': isUnreadable ? 'kind: [App\n' : undefined,
  };
}

/** `Kind name` to what is meant by it, on one cluster; `origin` is what is to be copied now. */
export function wantedOn(
  cluster: string,
  { web, maps, api, pinned, isCopied, production, isEmptied }: Content,
  origin = '',
): ReadonlyMap<string, string> {
  if (isEmptied) return new Map();
  const isFirst = cluster === 'a';
  const hasWeb = isFirst || production.includes(cluster);
  const held = isFirst ? api : pinned?.api;
  return new Map([
    ...(hasWeb ? [['Deployment web', `example.com/web:${web}`] as const] : []),
    ...(hasWeb ? Object.entries(maps).map(([name, value]) => [`ConfigMap ${name}`, String(value)] as const) : []),
    ...(api === undefined || held === undefined ? [] : [['ConfigMap api', String(held)] as const]),
    ...(isFirst || !isCopied ? [] : [['ConfigMap origin', origin] as const]),
  ]);
}

/** To which App an object belongs. */
const appOf = (name: string): 'web' | 'api' | 'copy' =>
  name === 'ConfigMap api' ? 'api' : name === 'ConfigMap origin' ? 'copy' : 'web';

/**
 * Does it say that an object is to go? What is empty, or cannot be read, takes no App from any cluster; an App that is there
 * all the same may still drop an object.
 */
export function drops(name: string, cluster: string, content: Content): boolean {
  const wanted = wantedOn(cluster, content);
  // Production that is pinned to nothing is left as it is.
  const isKept = wanted.has(name) || (name === 'ConfigMap api' && content.api !== undefined);
  if (content.isEmptied || isKept) return false;
  const isDoubtful = content.isUnreadable || hasStranger(appOf(name), content);
  return !isDoubtful || (appOf(name) === 'web' && wanted.has('Deployment web'));
}

/** Does its placement name a cluster that is not there? It may be any of them, misspelt. */
function hasStranger(name: 'web' | 'api' | 'copy', content: Content): boolean {
  const { hasLeft, isSlipped, production, api, isCopied } = content;
  switch (name) {
    case 'web':
      return isSlipped || (hasLeft && production.includes('d'));
    case 'api':
      return hasLeft && api !== undefined;
    case 'copy':
      return hasLeft && isCopied;
  }
}
