/** The schemas of KubeFed's manifests, as its custom resource definitions and webhooks checked them. */
import { z } from 'zod';
import { Anything, exactlyOne, Label, Labels, listOf, Name, Selector, Text } from '../native/field.ts';

/** What KubeFed's own objects are called. */
export const Metadata = z.looseObject({
  name: Text,
  namespace: Label.optional(),
  labels: Labels.nullish(),
  annotations: Labels.nullish(),
});

/** What every one of them has. */
export const Called = z.looseObject({ metadata: Metadata });

const kinded = <Spec extends z.ZodType>(spec: Spec) =>
  z.strictObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: Metadata,
    spec,
    status: z.unknown().optional(),
  });

const Base64 = z.string().regex(/^[A-Za-z0-9+/\s]*={0,2}\s*$/, 'must be base64');

export const KubeFedCluster = kinded(
  z.strictObject({
    apiEndpoint: Text,
    caBundle: Base64.nullish(),
    secretRef: z.strictObject({ name: Name }),
    disabledTLSValidations: listOf(z.enum(['*', 'SubjectName', 'ValidityPeriod'])).nullish(),
    proxyURL: z.string().nullish(),
  }),
);

/** Of 2018: the kubeconfig is in the Secret. */
export const FederatedCluster = kinded(
  z.strictObject({
    clusterRef: z.strictObject({ name: Name }).nullish(),
    secretRef: z.strictObject({ name: Name }),
  }),
);

const Resource = z.strictObject({
  group: z.string().nullish(),
  version: Text,
  kind: Text,
  pluralName: z.string().nullish(),
  scope: z.enum(['Namespaced', 'Cluster']),
});
const Switch = z.enum(['Enabled', 'Disabled']);

export const FederatedTypeConfig = kinded(
  z.strictObject({
    targetType: Resource,
    federatedType: Resource.extend({ group: z.string().includes('.', 'must contain a dot') }),
    propagation: Switch,
    statusType: Resource.partial().nullish(),
    statusCollection: Switch.nullish(),
  }),
);

const EarlyResource = Resource.partial({ version: true, scope: true });

/** Until 2019; what was said beside the object at first had kinds of its own. */
export const EarlyTypeConfig = kinded(
  z
    .strictObject({
      target: Resource.partial({ scope: true }),
      namespaced: z.boolean(),
      propagationEnabled: z.boolean(),
      template: EarlyResource.optional(),
      federatedType: EarlyResource.optional(),
      placement: EarlyResource.nullish(),
      override: EarlyResource.nullish(),
      overridePath: listOf(Text).nullish(),
      overridePaths: listOf(z.unknown()).nullish(),
      comparisonField: z.string().nullish(),
      status: EarlyResource.nullish(),
      enableStatus: z.boolean().nullish(),
    })
    .superRefine(exactlyOne('template', 'federatedType')),
);

/** Only what says something about manifests; the rest is about KubeFed's own process. */
export const KubeFedConfig = kinded(
  z.looseObject({
    scope: z.enum(['Cluster', 'Namespaced']),
    syncController: z.looseObject({ adoptResources: Switch.nullish() }).nullish(),
  }),
);

const Whole = z.int('must be a whole number');

const Placement = z.strictObject({
  clusters: listOf(z.strictObject({ name: Text }), 10_000).nullish(),
  clusterNames: listOf(Text, 10_000).nullish(),
  clusterSelector: Selector.nullish(),
});

const Override = z.strictObject({
  clusterName: Text,
  clusterOverrides: listOf(
    z.strictObject({
      op: z.enum(['add', 'remove', 'replace', '']).nullish(),
      path: z.string(),
      value: z.unknown().optional(),
    }),
    1_000,
  ).nullish(),
});

export const Federated = kinded(
  z.strictObject({
    template: Anything.nullish(),
    placement: Placement.nullish(),
    overrides: listOf(Override, 10_000).nullish(),
    retainReplicas: z.boolean().nullish(),
  }),
);
export type Federated = z.output<typeof Federated>;

/** Of 2018, beside the object. */
export const FederatedPlacement = kinded(
  z.strictObject({
    clusterNames: listOf(Text, 10_000).nullish(),
    clusternames: listOf(Text, 10_000).nullish(),
    clusterSelector: Selector.nullish(),
  }),
);
export type FederatedPlacement = z.output<typeof FederatedPlacement>;

/** Of 2018, beside the object; at first each kind had the one field that could be another. */
export const FederatedOverride = kinded(
  z.strictObject({
    overrides: listOf(
      Override.extend({
        clusterName: Text.optional(),
        clustername: Text.optional(),
        replicas: Whole.nullish(),
        parallelism: Whole.nullish(),
        data: z.record(z.string(), z.string()).nullish(),
      }).superRefine(exactlyOne('clusterName', 'clustername')),
      10_000,
    ).nullish(),
  }),
);
export type FederatedOverride = z.output<typeof FederatedOverride>;

export const SharedPreference = z.strictObject({
  minReplicas: Whole.nullish(),
  maxReplicas: Whole.nullish(),
  weight: Whole.nullish(),
});
export type SharedPreference = z.output<typeof SharedPreference>;

export const ReplicaSchedulingPreference = kinded(
  z.strictObject({
    targetKind: z.enum(['FederatedDeployment', 'FederatedReplicaSet']),
    totalReplicas: Whole,
    rebalance: z.boolean().nullish(),
    intersectWithClusterSelector: z.boolean().nullish(),
    clusters: z.record(z.string(), SharedPreference).nullish(),
  }),
);

/** Its fields are not in a `spec`. */
export const Domain = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: Metadata,
  domain: Text,
  nameServer: z.string().nullish(),
});

const NameInDNS = z.string().regex(/^$|^[a-z0-9_]([-a-z0-9_.]*[a-z0-9])?$/i, 'must be a name that DNS can have');
const Seconds = Whole.min(0, 'must not be negative');

export const ServiceDNSRecord = kinded(
  z.strictObject({
    domainRef: Text,
    recordTTL: Seconds.nullish(),
    dnsPrefix: NameInDNS.nullish(),
    externalName: NameInDNS.nullish(),
    allowServiceWithoutEndpoints: z.boolean().nullish(),
  }),
);

export const IngressDNSRecord = kinded(
  z.strictObject({
    hosts: listOf(Text).nullish(),
    recordTTL: Seconds.nullish(),
  }),
);
