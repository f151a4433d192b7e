/** Two environments with a folder each, and an image that is copied from one to the other. */
import { at } from '../../../src/core/json/value.ts';
import type { CommitSha } from '../../../src/core/model/id.ts';
import { placement } from '../../builder/manifest.ts';
import { type PromotionOptions, type TestPromotion, testPromotion } from './promotion.ts';

export const copyBranch = 'landfall/promote/shop/web-production/production';
export const paths = {
  staging: 'environments/staging/web.yaml',
  production: 'environments/production/web.yaml',
  placements: 'placements.yaml',
} as const;

const app = (name: string, more = ''): string =>
  `apiVersion: landfall.dev/v1alpha1\nkind: App\nmetadata: {name: web-${name}, namespace: shop}\nspec:\n  components: [{path: environments/${name}}]\n${more === '' ? '' : `  ${more}\n`}`;

/** As a person wrote it: quotes, comments and layout of its own. */
export const production = (image: string, replicas = 2): string => `# Production: ours, and nobody else's.
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}   # sized by hand
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      # What runs; copied from staging.
      - name: main
        image: '${image}' # promoted
        env: [{name: STAGE, value: production}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: own}
data: {of: production}
`;

export const staging = (image: string, more = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: main, image: "${image}"${more}}
`;

export const field =
  '{file: web.yaml, target: {kind: Deployment, name: web}, path: /spec/template/spec/containers/0/image}';

export type CopyingOptions = Pick<PromotionOptions, 'hasForge' | 'isPlanned' | 'promotion'> & {
  readonly stage?: string;
  readonly copy?: string;
  /** Of the App in production. */
  readonly variant?: string;
  readonly files?: Readonly<Record<string, string>>;
};

export const placementsWith = ({
  promotion = '',
  stage = '',
  copy = `fields: [${field}]`,
}: Pick<CopyingOptions, 'copy' | 'promotion' | 'stage'> = {}): string =>
  [
    placement('web-staging', ['{name: staging, clusterNames: [a], soak: 20s, progressDeadline: 60s}']),
    placement('web-production', [
      `name: production
    clusterNames: [b, c]
    maxUnavailable: 2
    progressDeadline: 60s${stage}
    promotion:
      policy: Newest${promotion}
      copy: # from the stage before
        from: {placement: web-staging, path: environments/staging}
        to: {path: environments/production}
        ${copy}`,
    ]),
  ].join('---\n');

export function testCopying(options: CopyingOptions = {}): TestPromotion {
  const { hasForge = true, isPlanned = false, files, variant } = options;
  return testPromotion({
    hasForge,
    isPlanned,
    files: {
      'apps.yaml': `${app('staging')}---\n${app('production', variant)}`,
      [paths.placements]: placementsWith(options),
      [paths.staging]: staging('web:1'),
      [paths.production]: production('web:1'),
      ...files,
    },
  });
}

export const releaseTo =
  ({ fleet }: TestPromotion) =>
  (tag: string, more = ''): CommitSha =>
    fleet.git.commit({ [paths.staging]: staging(`web:${tag}`, more) }, `web: ${tag}`);

export async function imageOf({ fleet }: TestPromotion, cluster: string): Promise<unknown> {
  const deployment = await fleet.get(cluster, '/apis/apps/v1/namespaces/shop/deployments/web');
  const containers = deployment && at(deployment, 'spec', 'template', 'spec', 'containers');
  return Array.isArray(containers) ? at(containers[0], 'image') : undefined;
}

export const stateOf = (world: TestPromotion) => world.promoting().states()[0];
