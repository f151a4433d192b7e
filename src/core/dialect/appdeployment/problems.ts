/** What is wrong with an AppDeployment although each part of it can be read. */
import type { Diagnostic, Severity } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { Path } from '../../model/locate.ts';
import { originAt, type Placed } from '../placed.ts';
import { type Compat, noCompat } from './compat.ts';
import { partsOfRevision } from './labels.ts';
import { hasRevisionLabel, isCounted, kindOf, placedName, portsOf } from './place.ts';
import { unknownComponent } from './rendered.ts';
import type { PlacedRevision } from './revision.ts';
import type { AppDeploymentSpec, Target, Traffic } from './schema.ts';
import { serviceName } from './traffic.ts';
import { groupsInTraffic, groupsMax, isOpen } from './traffic-parts.ts';

const problem = (
  code: Diagnostic['code'],
  severity: Severity,
  origin: Diagnostic['origin'],
  message: string,
  hint?: string,
): Diagnostic => ({ code, severity, origin, message, ...(hint === undefined ? {} : { hint }) });

const serviceShape = /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

export function revisionProblems(revisions: readonly PlacedRevision[]): readonly Diagnostic[] {
  const names = revisions.map(({ name }) => name);
  return revisions.flatMap(({ name, origin, components = [] }, index): readonly Diagnostic[] => {
    const doubles =
      names.indexOf(name) === index
        ? []
        : [problem('A1627', 'error', origin, `revision ${name} is listed twice`, 'put its placements together')];
    const odd =
      partsOfRevision(name) !== undefined
        ? []
        : [problem('A1628', 'warning', origin, `${excerpt(name)} does not end in -v and a number, as revisions do`)];
    const blind = components.filter(({ workload }) => isCounted(workload) && !hasRevisionLabel(workload));
    const alike = revisions.length > 1 && blind.length > 0 ? [alikePods(name, blind[0]?.name ?? '', origin)] : [];
    return [...doubles, ...odd, ...alike];
  });
}

const alikePods = (revision: string, component: string, origin: Diagnostic['origin']): Diagnostic =>
  problem(
    'A1629',
    'warning',
    origin,
    `Pods of component ${component} do not say that they are of revision ${revision}`,
    'set `addRevisionLabel: true`: workloads with equal selectors take each other’s Pods for their own',
  );

export function placementProblems(revisions: readonly PlacedRevision[]): readonly Diagnostic[] {
  return revisions.flatMap(({ name, entries, components = [] }) =>
    entries.flatMap(({ replicas, origin }): readonly Diagnostic[] => {
      const uncounted = components.filter(({ workload }) => !isCounted(workload));
      const ignored = uncounted.map((component) =>
        problem(
          'A1630',
          'warning',
          origin,
          `${kindOf(component.workload)} ${placedName(component, name)} has no count of replicas: it is applied as it is`,
        ),
      );
      const silent =
        replicas === undefined && uncounted.length < components.length
          ? [
              problem(
                'A1631',
                'warning',
                origin,
                `no \`distribution.replicas\`: revision ${name} keeps the count that it was rendered with, or 1`,
              ),
            ]
          : [];
      return [...ignored, ...silent];
    }),
  );
}

export function trafficProblems(
  spec: AppDeploymentSpec,
  revisions: readonly PlacedRevision[],
  placed: Placed,
  compat: Compat = noCompat,
): readonly Diagnostic[] {
  if (spec.traffic === undefined) return [];
  const rules = spec.traffic.http.flatMap(({ weightedTargets }, index) => {
    const path = ['spec', 'traffic', 'http', index, 'weightedTargets'];
    return [
      ...weightProblems(weightedTargets, placed, path),
      ...weightedTargets.flatMap((target, at) => targetProblems(target, revisions, placed, [...path, at], compat)),
    ];
  });
  return [...rules, ...groupProblems(spec.traffic, revisions, originAt(placed, ['spec', 'traffic']), compat)];
}

/** Where a revision is missing, the others take its share. */
function groupProblems(
  traffic: Traffic,
  revisions: readonly PlacedRevision[],
  origin: Diagnostic['origin'],
  { isSharingAsWritten }: Compat,
): readonly Diagnostic[] {
  const groups = groupsInTraffic(traffic, revisions);
  if (groups.length < 2) return [];
  const names = groups.map(({ revisions: together }) => together.join(' and ')).join(' and ');
  if (isSharingAsWritten) {
    const message = `${names} are not placed alike: where one is missing, its share of the requests fails`;
    return [problem('A1642', 'warning', origin, message)];
  }
  const open = groups.filter(isOpen).length;
  if (open > groupsMax) {
    const message = `the revisions of this traffic are placed by labels in ${open} different ways, more than ${groupsMax}`;
    return [problem('A1637', 'error', origin, message, 'place revisions that share traffic alike, or by name')];
  }
  const message = `${names} are not placed alike: where one is missing, the others take its traffic`;
  return [problem('A1638', 'warning', origin, message)];
}

function weightProblems(targets: readonly Target[], placed: Placed, path: Path): readonly Diagnostic[] {
  if (targets.length < 2) return [];
  const sum = targets.reduce((total, { weight = 0 }) => total + weight, 0);
  if (sum === 100) return [];
  return [problem('A1632', 'error', originAt(placed, path), `the weights sum to ${sum}, and must to 100`)];
}

function targetProblems(
  target: Target,
  revisions: readonly PlacedRevision[],
  placed: Placed,
  path: Path,
  { isSelectingByComponent, isSharingAsWritten }: Compat,
): readonly Diagnostic[] {
  const { revisionName, componentName, port } = target;
  const at = (...inside: Path): Diagnostic['origin'] => originAt(placed, [...path, ...inside]);
  const name = serviceName(target);
  const named = serviceShape.test(name)
    ? []
    : [problem('A1633', 'error', at(), `${excerpt(name)} cannot be the name of a Service`)];
  const revision = revisions.find((each) => each.name === revisionName);
  const running = (revision?.entries ?? []).filter(({ replicas }) => replicas !== 0);
  if (revision === undefined || running.length === 0) {
    const message = `revision ${revisionName} runs nowhere, so its ${isSharingAsWritten ? 'share of the requests fails' : 'traffic goes to the others'}`;
    return [...named, problem('A1634', 'warning', at('revisionName'), message)];
  }
  if (revision.components === undefined) return named;
  const component = revision.components.find((each) => each.name === componentName);
  if (component === undefined)
    return [
      ...named,
      unknownComponent(
        componentName,
        at('componentName'),
        revision.components.map((each) => each.name),
      ),
    ];
  const ports = portsOf(component);
  const closed =
    ports.length === 0 || ports.includes(port)
      ? []
      : [
          problem(
            'A1635',
            'warning',
            at('port'),
            `${componentName} of ${revisionName} does not say that it listens on port ${port}`,
            `it listens on ${ports.join(', ')}`,
          ),
        ];
  const blind = hasRevisionLabel(component.workload)
    ? []
    : [blindTraffic(target, at('revisionName'), isSelectingByComponent)];
  return [...named, ...closed, ...blind];
}

function blindTraffic(
  { revisionName, componentName }: Target,
  origin: Diagnostic['origin'],
  isAgreed: boolean,
): Diagnostic {
  if (isAgreed) {
    const message = `traffic to ${revisionName} reaches the Pods of ${componentName} of every revision`;
    return problem(
      'A1641',
      'warning',
      origin,
      message,
      'set `addRevisionLabel: true` in the properties of the component',
    );
  }
  return problem(
    'A1636',
    'error',
    origin,
    `no Service can tell the Pods of ${revisionName} from those of other revisions`,
    'set `addRevisionLabel: true` in the properties of the component',
  );
}

/** Do the Pods behind a target not say which revision they are? */
export const isUntold = ({ revisionName, componentName }: Target, revisions: readonly PlacedRevision[]): boolean =>
  revisions
    .find(({ name }) => name === revisionName)
    ?.components?.some(({ name, workload }) => name === componentName && !hasRevisionLabel(workload)) === true;
