/** The Services of a microservice: one that follows the current version, and one for each version. */
import { isArray, isObject, type Json, type JsonObject, withFields } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { DeclaredObject } from '../../model/intent.ts';
import type { Version } from './schema.ts';
import { currentVersion, objectOf, problemIn, type Subject, serviceNameOf } from './subject.ts';

export type Objects = readonly Findings<DeclaredObject | undefined>[];

const where = ['loadBalance', 'service'];

/** Shape: the main Service first, then one for each version in their order. */
export function servicesOf(subject: Subject): Objects {
  const { versions, loadBalance } = subject.spec;
  const current = currentVersion(subject);
  if (loadBalance?.service === undefined || current === undefined) return [];
  const { name, spec } = loadBalance.service;
  const main = serviceOf(subject, where, undefined, name, selecting(spec, current));
  const own = withoutFixed(spec);
  const ofVersions = versions.map((version, index) =>
    serviceOf(
      subject,
      ['versions', index],
      version.name,
      serviceNameOf(subject, version),
      selecting(own.value, version),
    ),
  );
  const told = versions.length === 0 ? [] : serviceProblems(subject, spec, own.removed);
  return [main, ...ofVersions, { value: undefined, diagnostics: told }];
}

const serviceOf = (
  subject: Subject,
  path: readonly (string | number)[],
  version: string | undefined,
  name: string,
  spec: JsonObject,
) => objectOf(subject, path, version, { apiVersion: 'v1', kind: 'Service', name, spec });

/** The selector is the version's, whatever the manifest says of one. */
const selecting = (spec: JsonObject, { template }: Version): JsonObject =>
  withFields(spec, { selector: template.selector.matchLabels });

const fixedFields = ['clusterIP', 'clusterIPs', 'loadBalancerIP', 'healthCheckNodePort'];

/** What only one Service of a cluster can have stays with the main one. */
function withoutFixed(spec: JsonObject): { readonly value: JsonObject; readonly removed: readonly string[] } {
  const isFixed = (field: string): boolean => spec[field] !== undefined && !isHeadless(field, spec[field]);
  const removed = fixedFields.filter(isFixed);
  const ports = isArray(spec.ports) ? spec.ports : [];
  const hasNodePort = ports.some((port) => isObject(port) && port.nodePort !== undefined);
  const bare = ports.map((port): Json => (isObject(port) ? withFields(port, { nodePort: undefined }) : port));
  return {
    value: withFields(spec, {
      ...Object.fromEntries(removed.map((field) => [field, undefined])),
      ...(hasNodePort ? { ports: bare } : {}),
    }),
    removed: hasNodePort ? [...removed, 'nodePort'] : removed,
  };
}

/** No address is nobody's: every Service may go without. */
const isHeadless = (field: string, value: Json | undefined): boolean =>
  field === 'clusterIP' ? value === 'None' || value === '' : isArray(value) && value[0] === 'None';

function serviceProblems(subject: Subject, spec: JsonObject, removed: readonly string[]): readonly Diagnostic[] {
  const fixed =
    removed.length === 0
      ? []
      : [
          problemIn(
            subject,
            [...where, 'spec'],
            'A1606',
            'warning',
            `only the main Service keeps ${removed.map((field) => `\`${field}\``).join(', ')}: no two Services can have the same`,
          ),
        ];
  const balanced =
    spec.type === 'LoadBalancer'
      ? [
          problemIn(
            subject,
            [...where, 'spec', 'type'],
            'A1607',
            'warning',
            `each version of ${subject.name} has a load balancer of its own, as the main Service has`,
            'with `type: ClusterIP` and an ingress there is none to pay for',
          ),
        ]
      : [];
  const blind = subject.spec.versions.flatMap(({ name, template }, index) => {
    if (Object.keys(template.selector.matchLabels ?? {}).length > 0) return [];
    const message = `the Services of version ${name} select nothing: its selector has no \`matchLabels\``;
    return [problemIn(subject, ['versions', index, 'template', 'selector'], 'A1608', 'warning', message)];
  });
  return [...fixed, ...balanced, ...blind];
}
