/** From deployments in order to the stages of a placement. */
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import type { Stage } from '../../model/placement.ts';
import { clustersOf, type Settled } from './claim.ts';
import { named, surelyInBoth, union } from './clusters.ts';
import type { Deploy } from './deploy.ts';
import { caution, problem } from './problem.ts';
import { slug } from './slug.ts';

/** How long a changed cluster may take where a step sets no time: forever would be too long. */
const progressDeadlineMs = 600_000;

export function stagesOf(
  deploys: readonly Deploy[],
  { leads, entangled }: Settled,
  pinned: ReadonlyMap<Deploy, readonly string[]>,
): Findings<readonly Stage[]> {
  const groups = groupsOf(deploys);
  const stages = groups.map((group, index): Stage => {
    const [first] = group;
    const pauseMs = Math.max(0, ...(groups[index + 1] ?? []).map((deploy) => deploy.pauseMs));
    const timeouts = group.flatMap(({ timeoutMs }) => timeoutMs ?? []);
    const clusters: readonly ClusterMatch[] = group.flatMap((deploy) => {
      const pins = pinned.get(deploy) ?? [];
      return [
        ...(leads.has(deploy) ? [leads.get(deploy) ?? named([])] : []),
        ...(pins.length > 0 ? [named(pins)] : []),
      ];
    });
    const gates = [...new Set(group.flatMap((deploy) => deploy.gates))];
    return {
      name: nameOf(group),
      origin: first?.origin ?? { repository: '' as never, path: '', line: 1, column: 1 },
      clusters: union(clusters),
      revision: first?.isWaiting === true ? 'Pinned' : 'Head',
      ...(gates.length === 0 ? {} : { gates }),
      soakMs: pauseMs,
      waves: undefined,
      maxUnavailable: { kind: 'share', percent: 25 },
      maxFailures: 0,
      progressDeadlineMs: timeouts.length === 0 ? progressDeadlineMs : Math.max(...timeouts),
    };
  });
  return { value: stages, diagnostics: [...doubles(stages), ...entanglements(entangled), ...ungated(deploys)] };
}

/** Steps that nothing keeps apart are one stage; one that waits for a person is always its own. */
function groupsOf(deploys: readonly Deploy[]): readonly (readonly Deploy[])[] {
  const levels = [...Map.groupBy(deploys, ({ level }) => level)].toSorted(([a], [b]) => a - b);
  return levels.flatMap(([, members]) => {
    const free = members.filter(({ isWaiting }) => !isWaiting);
    const waiting = members.filter(({ isWaiting }) => isWaiting).map((deploy) => [deploy]);
    return [...(free.length === 0 ? [] : [free]), ...waiting];
  });
}

const namesMax = 3;

function nameOf(group: readonly Deploy[]): string {
  const names = group.map(({ name }) => slug(name));
  if (names.length <= namesMax) return names.join('+');
  return `${names.slice(0, namesMax).join('+')}+${names.length - namesMax}`;
}

function doubles(stages: readonly Stage[]): readonly Diagnostic[] {
  return stages.flatMap(({ name, origin }, index) =>
    stages.findIndex((stage) => stage.name === name) === index
      ? []
      : [problem('A1205', origin, `two steps are named ${name}`)],
  );
}

function entanglements(entangled: Settled['entangled']): readonly Diagnostic[] {
  return entangled.map(({ earlier, later }) =>
    caution(
      'A1524',
      later.origin,
      `step ${later.name} waits for approval and adds to a cluster that step ${earlier.name} deploys to: all of it waits there`,
      'put what needs no approval into an Application of its own',
    ),
  );
}

/** A cluster enters one stage, and once: what comes to it later is behind no gate. */
function ungated(deploys: readonly Deploy[]): readonly Diagnostic[] {
  return deploys.flatMap((later, index) => {
    const earlier = deploys.slice(0, index).find((each) => surelyInBoth(clustersOf(each), clustersOf(later)));
    if (earlier === undefined) return [];
    return later.gates.map(({ name, origin }) => {
      const message = `step ${name} does not hold up what step ${later.name} adds to a cluster that step ${earlier.name} deploys to`;
      return caution('A1518', origin, message, 'put what comes after it into an Application of its own');
    });
  });
}
