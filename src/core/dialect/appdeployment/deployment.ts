/** An AppDeployment: its revisions on their clusters, and the traffic between them. */
import { digestOf } from '../../json/digest.ts';
import type { JsonObject } from '../../json/value.ts';
import type { Awaited, PlacedIntent } from '../../model/awaited.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import { appId, digest } from '../../model/id.ts';
import type { DeclaredObject, Intent, Part } from '../../model/intent.ts';
import type { Origin } from '../../model/source.ts';
import { declaredObject } from '../declared-object.ts';
import { Identity } from '../native/field.ts';
import { readNative } from '../native/read.ts';
import { originAt, type Placed } from '../placed.ts';
import { placedOn } from '../placed-on.ts';
import { unknownFields } from '../unknown-field.ts';
import { type Compat, compatOf } from './compat.ts';
import { insteadOfHub } from './hub.ts';
import { placeComponent } from './place.ts';
import { isUntold, placementProblems, revisionProblems, trafficProblems } from './problems.ts';
import { type PlacedRevision, type Revisions, revisionOf } from './revision.ts';
import { AppDeployment, type AppDeploymentSpec, type Target } from './schema.ts';
import { entriesOf, type SelectorContext } from './selector.ts';
import { trafficObjects } from './traffic.ts';
import { everyMeeting, groupsInTraffic, meetingsOf } from './traffic-parts.ts';

export type Read = PlacedIntent & {
  /** Where some of its revisions are only on the hub. */
  readonly awaited?: Awaited;
};

export type Surroundings = {
  readonly revisions: Revisions;
  readonly clustersIn: (namespace: string) => SelectorContext['beside'];
};

/** Shape: undefined when it has no name. Anything wrong leaves everything as it is. */
export function readDeployment(placed: Placed, around: Surroundings): Findings<Read | undefined> {
  const identity = Identity.safeParse(placed.document.value.metadata);
  if (!identity.success) return { value: undefined, diagnostics: readNative(AppDeployment, placed).diagnostics };
  const { name, namespace } = identity.data;
  const { value, diagnostics } = readNative(AppDeployment, placed);
  const told = [...unknownFields('A1600', AppDeployment, placed), ...diagnostics];
  if (value === undefined) return { value: readAs(placed, identity.data, [], [], true, false), diagnostics: told };
  const { spec, metadata } = value;
  const compat = compatOf(metadata.annotations);
  const id = `${namespace}/${name}`;
  const found = spec.appRevisions.map((_, index) => revisionAt(spec, index, placed, id, namespace, around));
  const revisions = found.flatMap((each) => each.value);
  const problems = [
    ...told,
    ...found.flatMap((each) => each.diagnostics),
    ...revisionProblems(revisions),
    ...placementProblems(revisions),
    ...trafficProblems(spec, revisions, placed, compat),
  ];
  const matches = revisions.flatMap(({ entries }) => entries.map(({ match }) => match));
  const isWhole = revisions.every(({ asked, waits }) => asked === undefined && waits === undefined);
  const made =
    isWhole && !problems.some(isError)
      ? partsOf(spec, revisions, placed, identity.data, compat)
      : { value: [], diagnostics: [] };
  const all = [...problems, ...made.diagnostics];
  const read = (isBroken: boolean): PlacedIntent =>
    readAs(placed, identity.data, made.value, matches, isBroken, compat.isCreatingNamespaces);
  const isBroken = all.some(isError);
  const asked = revisions.flatMap((each) => each.asked ?? []);
  if (asked.length > 0) return { value: awaiting(read(true), asked, namespace, placed, around), diagnostics: all };
  const [waits] = isBroken ? [] : revisions.flatMap((each) => each.waits ?? []);
  return { value: waits === undefined ? read(isBroken) : waiting(read(false), waits), diagnostics: all };
}

const waiting = ({ intent, placement }: PlacedIntent, waits: string): Read => ({
  intent: { ...intent, waits },
  placement,
});

/** Read anew, once the hub has been asked for what is nowhere else. */
function awaiting(
  until: PlacedIntent,
  reads: Awaited['reads'],
  namespace: string,
  placed: Placed,
  around: Surroundings,
): Read {
  const names = reads.flatMap(({ which }) => (which.kind === 'name' ? [which.name] : []));
  const instead = insteadOfHub(names, namespace);
  const made: Awaited['made'] = (hub) => {
    const { value, diagnostics } = readDeployment(placed, { ...around, revisions: { ...around.revisions, hub } });
    return { value: value ?? until, diagnostics };
  };
  return { ...until, awaited: { until, reads, instead, made } };
}

function revisionAt(
  spec: AppDeploymentSpec,
  index: number,
  placed: Placed,
  id: string,
  namespace: string,
  { revisions, clustersIn }: Surroundings,
): Findings<readonly PlacedRevision[]> {
  const given = spec.appRevisions[index];
  if (given === undefined) return { value: [], diagnostics: [] };
  const path = ['spec', 'appRevisions', index];
  const origin = originAt(placed, [...path, 'revisionName']);
  const origins = given.placement.map((_, at) => originAt(placed, [...path, 'placement', at]));
  const entries = entriesOf(given.placement, origins, { id, beside: clustersIn(namespace) });
  // A revision that is placed nowhere is only kept from being forgotten: it need not be known.
  const lookup =
    given.placement.length === 0
      ? { value: { components: [] }, diagnostics: [] }
      : revisionOf(given.revisionName, namespace, origin, revisions);
  return {
    value: [{ name: given.revisionName, ...lookup.value, entries: entries.value, origin }],
    diagnostics: [...entries.diagnostics, ...lookup.diagnostics],
  };
}

type Names = { readonly name: string; readonly namespace: string };

function partsOf(
  spec: AppDeploymentSpec,
  revisions: readonly PlacedRevision[],
  placed: Placed,
  names: Names,
  compat: Compat,
): Findings<readonly Part[]> {
  const diagnostics: Diagnostic[] = [];
  const partOf = (
    name: string,
    origin: Origin,
    clusters: ClusterMatch,
    dependsOn: readonly string[],
    objects: readonly { readonly object: JsonObject; readonly origin: Origin }[],
  ): Part => {
    const read = objects.map((each) => declaredObject(each.object, each.origin));
    diagnostics.push(...read.flatMap((each) => each.diagnostics));
    const declared = read.flatMap(({ value }): readonly DeclaredObject[] => (value === undefined ? [] : [value]));
    return {
      name,
      origin,
      namespace: names.namespace,
      dependsOn,
      clusters,
      source: { kind: 'objects', objects: declared },
    };
  };
  const workloads = revisions.flatMap(({ name, components = [], entries }) =>
    entries.map(({ match, replicas, origin }) => {
      const place = { deployment: names.name, namespace: names.namespace, revision: name, replicas };
      const objects = components.flatMap((component) =>
        placeComponent(component, place).map((object) => ({ object, origin })),
      );
      return partOf(name, origin, match, [], objects);
    }),
  );
  const { traffic } = spec;
  if (traffic === undefined) return { value: workloads, diagnostics };
  const origin = originAt(placed, ['spec', 'traffic']);
  const groups = groupsInTraffic(traffic, revisions);
  const isBlind = (target: Target): boolean => compat.isSelectingByComponent && isUntold(target, revisions);
  const leading = (compat.isSharingAsWritten ? [everyMeeting(groups)] : meetingsOf(groups)).flatMap((meeting) => {
    const here = new Set(meeting.revisions);
    const isHere = (revision: string): boolean => compat.isSharingAsWritten || here.has(revision);
    const objects = trafficObjects(traffic, isHere, { ...names, isBlind });
    if (objects.length === 0) return [];
    // What takes no traffic is not waited for: an ill revision must not keep traffic from leaving it.
    const needed = meeting.revisions.filter((revision) => hasWeight(spec, revision));
    return [
      partOf(
        'traffic',
        origin,
        meeting.clusters,
        needed,
        objects.map((object) => ({ object, origin })),
      ),
    ];
  });
  return { value: [...workloads, ...leading], diagnostics };
}

const hasWeight = ({ traffic }: AppDeploymentSpec, revision: string): boolean =>
  traffic?.http.some(({ weightedTargets }) =>
    weightedTargets.some(
      (each) => each.revisionName === revision && (each.weight ?? (weightedTargets.length === 1 ? 100 : 0)) > 0,
    ),
  ) === true;

function readAs(
  placed: Placed,
  { name, namespace }: Names,
  parts: readonly Part[],
  matches: readonly ClusterMatch[],
  isBroken: boolean,
  isCreatingNamespaces: boolean,
): PlacedIntent {
  const intent: Intent = {
    id: appId(namespace, name),
    repository: placed.origin.repository,
    origin: placed.origin,
    parts,
    variants: [],
    variables: {},
    dependsOn: [],
    ignore: [],
    movedFrom: [],
    adopt: ['kubevela'],
    isSuspended: false,
    isBroken,
    // Revisions may come from history: what was made of them counts, not what is written here.
    digest: digest(digestOf(parts.map(contentOf))),
  };
  return {
    intent,
    placement: placedOn(intent, { kind: 'some', of: matches }, { isCreatingNamespaces, isMakingFirst: true }),
  };
}

function contentOf({ name, dependsOn, source }: Part) {
  const objects = source.kind === 'objects' ? source.objects.map(({ object }) => object) : [];
  return [name, [...dependsOn], objects];
}
