/** Applications for several clusters: one for each way to say where, what there, and in which order. */

type Policy = { readonly name: string; readonly type: string; readonly properties: object };
type Wanted = {
  readonly components: readonly object[];
  readonly policies: readonly Policy[];
  readonly workflow?: object;
};

const topology = (name: string, properties: object): Policy => ({ name, type: 'topology', properties });
const override = (name: string, properties: object): Policy => ({ name, type: 'override', properties });
const deploy = (name: string, ...policies: readonly string[]) => ({ name, type: 'deploy', properties: { policies } });

const east = topology('east', { clusters: ['east'] });
const west = topology('west', { clusters: ['west'] });
const both = topology('both', { clusters: ['east', 'west'] });

/** Clusters `east` (region eu), `west` (region us), and the hub. Names of components begin with the Application's. */
export function spreadApplications(namespace: string, elsewhere: string): ReadonlyMap<string, object> {
  const wanted: Readonly<Record<string, (name: string) => Wanted>> = {
    nowhere: (name) => ({ components: two(name), policies: [] }),
    named: (name) => ({ components: two(name), policies: [both] }),
    labelled: (name) => ({
      components: two(name),
      policies: [topology('eu', { clusterLabelSelector: { region: 'eu' } })],
    }),
    everywhere: (name) => ({ components: two(name), policies: [topology('all', { clusterLabelSelector: {} })] }),
    moved: (name) => ({
      components: two(name),
      policies: [topology('moved', { clusters: ['east'], namespace: elsewhere })],
    }),
    twice: (name) => ({
      components: two(name),
      policies: [east, topology('moved', { clusters: ['east', 'west'], namespace: elsewhere })],
    }),
    overridden: (name) => ({
      components: two(name),
      policies: [
        both,
        override('all', {
          components: [
            {
              name: `${name}-web`,
              properties: { image: 'web:2', env: [{ name: 'NEW', value: '1' }], labels: { more: 'x' } },
              traits: [
                { type: 'scaler', properties: { replicas: 3 } },
                { type: 'labels', disable: true },
                { type: 'annotations', properties: { added: 'yes' } },
              ],
            },
            { type: 'worker', properties: { cmd: ['work', 'hard'] } },
            { properties: { imagePullPolicy: 'Always' } },
            { name: `${name}-more`, type: 'worker', properties: { image: 'more:1' } },
          ],
        }),
      ],
    }),
    selected: (name) => ({
      components: two(name),
      policies: [both, override('some', { selector: [`${name}-work`, 'unknown'] })],
    }),
    replaced: (name) => ({
      components: two(name),
      policies: [
        both,
        override('kind', { components: [{ name: `${name}-web`, type: 'worker', properties: { image: 'other:1' } }] }),
      ],
    }),
    stages: (name) => ({
      components: two(name),
      policies: [
        east,
        west,
        override('small', {
          components: [{ name: `${name}-web`, traits: [{ type: 'scaler', properties: { replicas: 1 } }] }],
        }),
        override('large', { components: [{ name: `${name}-web`, properties: { image: 'web:3' } }] }),
        override('larger', {
          components: [{ name: `${name}-web`, traits: [{ type: 'scaler', properties: { replicas: 4 } }] }],
        }),
      ],
      workflow: { steps: [deploy('canary', 'east', 'small'), deploy('production', 'west', 'large', 'larger')] },
    }),
    hub: (name) => ({
      components: two(name),
      policies: [west],
      workflow: { steps: [deploy('here'), deploy('west', 'west')] },
    }),
    group: (name) => ({
      components: two(name),
      policies: [east, west, override('web', { selector: [`${name}-web`] })],
      workflow: {
        steps: [
          { name: 'group', type: 'step-group', subSteps: [deploy('east', 'east'), deploy('west', 'west', 'web')] },
        ],
      },
    }),
    single: (name) => ({
      components: two(name),
      policies: [],
      workflow: {
        steps: [
          { name: 'web', type: 'apply-component', properties: { component: `${name}-web`, cluster: 'east' } },
          { name: 'work', type: 'apply-component', properties: { component: `${name}-work` } },
        ],
      },
    }),
    passing: (name) => ({
      components: [
        {
          name: `${name}-db`,
          type: 'statefulset',
          properties: { image: 'db:1' },
          outputs: [
            { name: 'image', valueFrom: 'output.spec.template.spec.containers[0].image' },
            { name: 'space', valueFrom: 'output.metadata.namespace' },
          ],
        },
        {
          name: `${name}-web`,
          type: 'webservice',
          properties: { image: 'web:1', env: [{ name: 'IMAGE' }] },
          inputs: [
            { from: 'image', parameterKey: 'env[0].value' },
            { from: 'space', parameterKey: 'labels.space' },
          ],
        },
      ],
      policies: [
        east,
        topology('moved', { clusters: ['west'], namespace: elsewhere }),
        override('newer', { components: [{ name: `${name}-db`, properties: { image: 'db:2' } }] }),
      ],
      workflow: { steps: [deploy('east', 'east'), deploy('west', 'moved', 'newer')] },
    }),
    exported: (name) => ({
      components: [],
      policies: [both],
      workflow: {
        steps: [
          {
            name: 'data',
            type: 'export-data',
            properties: { name: `${name}-data`, topology: 'both', data: { a: 'b' } },
          },
          {
            name: 'service',
            type: 'export-service',
            properties: { name: `${name}-service`, topology: 'both', ip: '192.0.2.9', port: 80, targetPort: 8080 },
          },
          {
            name: 'object',
            type: 'apply-object',
            properties: {
              value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${name}-object` }, data: { a: 'b' } },
              cluster: 'east',
            },
          },
          { name: 'config', type: 'export2config', properties: { configName: `${name}-config`, data: { a: 'b' } } },
          {
            name: 'secret',
            type: 'export2secret',
            properties: { secretName: `${name}-secret`, data: { a: 'b' }, cluster: 'west' },
          },
          {
            name: `${name}-run`,
            type: 'apply-deployment',
            properties: { image: 'run:1', replicas: 2, cluster: 'west' },
          },
        ],
      },
    }),
  };
  return new Map(
    Object.entries(wanted).map(([name, make]) => {
      const metadata = { name, namespace, labels: { team: 'shop' }, annotations: { about: name } };
      return [name, { apiVersion: 'core.oam.dev/v1beta1', kind: 'Application', metadata, spec: make(name) }];
    }),
  );
}

const two = (name: string): readonly object[] => [
  {
    name: `${name}-web`,
    type: 'webservice',
    properties: { image: 'web:1', env: [{ name: 'OLD', value: '1' }], labels: { tier: 'front' } },
    traits: [
      { type: 'scaler', properties: { replicas: 2 } },
      { type: 'labels', properties: { team: 'shop' } },
      { type: 'expose', properties: { ports: [{ port: 80 }] } },
    ],
  },
  { name: `${name}-work`, type: 'worker', properties: { image: 'work:1' } },
];
