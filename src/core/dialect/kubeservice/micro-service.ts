/** A microservice: Deployments on the cluster that it names, Services and Ingresses on all. */
import { valueAt } from '../../json/pointer.ts';
import { isObject, type JsonObject } from '../../json/value.ts';
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import type { DeclaredObject, Part } from '../../model/intent.ts';
import { ingressesOf } from './ingress.ts';
import { needed, type Options } from './options.ts';
import { servicesOf } from './service.ts';
import { objectOf, originIn, problemIn, type Subject } from './subject.ts';

/** Shape: a part for the Deployments, and one for what leads to them. */
export function partsOf(subject: Subject, options: Options): Findings<readonly Part[]> {
  const { name, spec } = subject;
  const deployments = spec.versions.map((version, index) =>
    objectOf(subject, ['versions', index], version.name, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: `${name}-${version.name}`,
      spec: templateOf(subject, index),
    }),
  );
  const leading = [...servicesOf(subject), ...ingressesOf(subject)];
  const clusters = clustersOf(subject, options);
  const parts = [
    partOf(subject, name, ['clusterName'], clusters, deployments),
    partOf(subject, `${name}-load-balance`, ['loadBalance'], options.isSparse ? clusters : undefined, leading),
  ];
  return {
    value: parts.filter(({ source }) => source.kind === 'objects' && source.objects.length > 0),
    diagnostics: [...[...deployments, ...leading].flatMap((each) => each.diagnostics), ...problemsOf(subject, options)],
  };
}

/** As written, not as the schema gives it: a field named `__proto__` stays one. */
function templateOf({ placed, path }: Subject, index: number): JsonObject {
  const template = valueAt(placed.document.value, [...path, 'versions', index, 'template'].map(String));
  return isObject(template) ? template : {};
}

function partOf(
  subject: Subject,
  name: string,
  path: readonly string[],
  clusters: ClusterMatch | undefined,
  found: readonly Findings<DeclaredObject | undefined>[],
): Part {
  const objects = found.flatMap(({ value }) => (value === undefined ? [] : [value]));
  return {
    name,
    origin: originIn(subject, path),
    namespace: subject.namespace,
    dependsOn: [],
    clusters,
    source: { kind: 'objects', objects },
  };
}

const isUnnamed = ({ spec }: Subject): boolean => spec.clusterName === undefined || spec.clusterName === '';

/** Undefined: every cluster. */
function clustersOf(subject: Subject, { otherwise }: Options): ClusterMatch | undefined {
  const { clusterName } = subject.spec;
  if (clusterName !== undefined && clusterName !== '') return needed(clusterName);
  return otherwise;
}

function problemsOf(subject: Subject, { otherwise, isFleet }: Options): readonly Diagnostic[] {
  const { spec, name } = subject;
  const names = spec.versions.map((version) => version.name);
  const doubles = names.flatMap((version, index): readonly Diagnostic[] =>
    names.indexOf(version) === index
      ? []
      : [problemIn(subject, ['versions', index, 'name'], 'A1610', 'error', `two versions are named ${version}`)],
  );
  const current = spec.currentVersionName ?? '';
  const [first] = names;
  const stray =
    first === undefined || names.includes(current)
      ? []
      : [
          problemIn(
            subject,
            ['currentVersionName'],
            'A1605',
            'warning',
            `there is no version ${current === '' ? 'to be the current one' : current}, so ${first} is served`,
            `its versions are ${names.join(', ')}`,
          ),
        ];
  const message = `${name} names no cluster, so its Deployments run on every one`;
  const everywhere =
    isUnnamed(subject) && otherwise === undefined && isFleet
      ? [problemIn(subject, [], 'A1601', 'warning', message, 'say which in `clusterName`')]
      : [];
  return [...doubles, ...stray, ...everywhere];
}
