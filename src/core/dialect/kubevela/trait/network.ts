/** Traits that put something beside the workload which leads to it, or scales it. */
import { type JsonObject, withFields } from '../../../json/value.ts';
import { portName } from '../component/pod.ts';
import { type Context, type Output, trait } from '../effect.ts';
import { ClassedIngress, PureIngress } from '../schema/older.ts';
import * as schema from '../schema/trait.ts';

const componentLabel = 'app.oam.dev/component';

const service = (name: string, spec: JsonObject, annotations: JsonObject | undefined): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: withFields({ name }, { annotations }),
  spec,
});

const filled = (map: JsonObject | undefined): JsonObject | undefined =>
  map === undefined || Object.keys(map).length === 0 ? undefined : map;

export const expose = trait(schema.Expose, ({ port, ports, annotations, matchLabels, type }, { name }) => {
  const older = port?.map((number) => ({ name: `port-${number}`, port: number, targetPort: number }));
  const newer = ports?.map((each) =>
    withFields(
      { port: each.port, targetPort: each.port, name: each.name ?? portName(each.port, each.protocol) },
      { nodePort: type === 'NodePort' ? each.nodePort : undefined, protocol: each.protocol },
    ),
  );
  const selector = matchLabels ?? { [componentLabel]: name };
  const spec = { selector, ports: newer ?? older ?? [], type };
  return { objects: [{ key: 'service', object: service(name, spec, filled(annotations)) }] };
});

export const gateway = trait(schema.Gateway, (given, { name }) => {
  const suffix = given.name === undefined ? '' : `-${given.name}`;
  const own = `${name}${suffix}`;
  const paths = Object.entries(given.http);
  const backend = given.existingServiceName ?? own;
  const ports = [...new Set(paths.map(([, port]) => port))].map((port) => ({
    name: `port-${port}`,
    port,
    targetPort: port,
  }));
  const rules = withFields(
    {},
    {
      host: given.domain,
      http: {
        paths: paths.map(([path, port]) => ({
          path,
          pathType: given.pathType,
          backend: { service: { name: backend, port: { number: port } } },
        })),
      },
    },
  );
  const annotations = filled(
    withFields(given.annotations ?? {}, {
      'kubernetes.io/ingress.class': given.classInSpec ? undefined : given.class,
      'ingress.controller/host': given.gatewayHost,
    }),
  );
  const hosts = given.domain === undefined ? {} : { hosts: [given.domain] };
  const ingress: JsonObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: withFields({ name: own }, { annotations, labels: filled(given.labels) }),
    spec: withFields(
      {},
      {
        ingressClassName: given.classInSpec ? given.class : undefined,
        tls: given.secretName === undefined ? undefined : [{ ...hosts, secretName: given.secretName }],
        rules: [rules],
      },
    ),
  };
  const made = service(own, { selector: { [componentLabel]: name }, ports }, undefined);
  return {
    objects: [
      ...(given.existingServiceName === undefined ? [{ key: `service${suffix}`, object: made }] : []),
      { key: `ingress${suffix}`, object: ingress },
    ],
  };
});

const scaleTarget = (given: { readonly targetAPIVersion: string; readonly targetKind: string }, { name }: Context) => ({
  apiVersion: given.targetAPIVersion,
  kind: given.targetKind,
  name,
});

const metric = (name: string, { type, value }: { readonly type: string; readonly value: number | string }) => ({
  type: 'Resource',
  resource: { name, target: { type, [type === 'Utilization' ? 'averageUtilization' : 'averageValue']: value } },
});

export const hpa = trait(schema.Hpa, (given, context) => ({
  objects: [
    {
      key: 'hpa',
      object: {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: context.name },
        spec: {
          scaleTargetRef: scaleTarget(given, context),
          minReplicas: given.min,
          maxReplicas: given.max,
          metrics: [
            metric('cpu', given.cpu),
            ...(given.mem === undefined ? [] : [metric('memory', given.mem)]),
            ...(given.podCustomMetrics ?? []).map(({ name, value }) => ({
              type: 'Pods',
              pods: { metric: { name }, target: { type: 'AverageValue', averageValue: value } },
            })),
          ],
        },
      },
    },
  ],
}));

export const cpuScaler = trait(schema.CpuScaler, (given, context) => ({
  objects: [
    {
      key: 'cpuscaler',
      object: {
        apiVersion: 'autoscaling/v1',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: context.name },
        spec: {
          scaleTargetRef: scaleTarget(given, context),
          minReplicas: given.min,
          maxReplicas: given.max,
          targetCPUUtilizationPercentage: given.cpuUtil,
        },
      },
    },
  ],
}));

/** An Ingress alone; the Service is there already. */
export const pureIngress = trait(PureIngress, ({ domain, http }, { name }) => ({
  objects: [{ key: 'ingress', object: ingressOf(name, domain, http) }],
}));

/** Of the time before `gateway`. */
export const ingress = trait(PureIngress, ({ domain, http }, { name }) => ({
  objects: [serviceFor(name, http), { key: 'ingress', object: ingressOf(name, domain, http) }],
}));

export const classedIngress = trait(ClassedIngress, ({ domain, http, class: controller }, { name }) => {
  const annotations = { 'kubernetes.io/ingress.class': controller };
  return {
    objects: [serviceFor(name, http), { key: 'ingress', object: ingressOf(name, domain, http, annotations) }],
  };
});

function serviceFor(name: string, http: Readonly<Record<string, number>>): Output {
  const ports = [...new Set(Object.values(http))].map((port) => ({ name: `port-${port}`, port, targetPort: port }));
  return { key: 'service', object: service(name, { selector: { [componentLabel]: name }, ports }, undefined) };
}

function ingressOf(
  name: string,
  domain: string,
  http: Readonly<Record<string, number>>,
  annotations?: JsonObject,
): JsonObject {
  const paths = Object.entries(http).map(([path, port]) => ({
    path,
    pathType: 'ImplementationSpecific',
    backend: { service: { name, port: { number: port } } },
  }));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: withFields({ name }, { annotations }),
    spec: { rules: [{ host: domain, http: { paths } }] },
  };
}
