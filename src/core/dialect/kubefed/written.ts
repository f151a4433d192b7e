/** The documents that one federated object is written in: one, or, in the form of 2018, one each for what, where and what differs. */
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import { kindOfDocument, type Placed } from '../placed.ts';
import { areaOf, isEarly } from './group.ts';
import { problemsIn } from './read.ts';

export type Written = {
  /** Says what it is called. */
  readonly object: Placed;
  /** Of the kind that is made into something: `FederatedDeployment`. */
  readonly kind: string;
  /** A Namespace was its own template. */
  readonly namespace?: Placed | undefined;
  readonly placement?: Placed | undefined;
  readonly overrides?: Placed | undefined;
  /** Something of it is there twice, or may be there under another name: nobody can say what is meant. */
  readonly isDoubtful: boolean;
};

type Role = 'object' | 'placement' | 'overrides';

const endings: readonly (readonly [string, Role])[] = [
  ['Placement', 'placement'],
  ['Override', 'overrides'],
];

function roleOf({ document }: Placed): { readonly role: Role; readonly kind: string } {
  const { group, kind } = kindOfDocument(document);
  const [ending, role] = endings.find(([each]) => /^Federated[A-Z]/.test(kind) && kind.endsWith(each)) ?? [
    '',
    'object',
  ];
  // Later a kind that ended so was a kind of its own.
  return isEarly(group) && role !== 'object' ? { role, kind: kind.slice(0, -ending.length) } : { role: 'object', kind };
}

/** Says where a Namespace goes, and has no other object beside it than the Namespace itself. */
const namespacePlacement = 'FederatedNamespacePlacement';

/** Plain Namespaces that the form of 2018 makes federated ones, by name. */
export const placedNamespaces = (claimed: readonly Placed[]): ReadonlySet<string> =>
  new Set(
    claimed.flatMap(({ document }) => {
      const { group, kind, name } = kindOfDocument(document);
      return kind === namespacePlacement && areaOf(group, kind) === 'types' ? [name] : [];
    }),
  );

const placeOf = ({ document }: Placed, kind: string): string => {
  const { namespace, name } = kindOfDocument(document);
  return `${kind} ${namespace || 'default'}/${name}`;
};

/**
 * Shape: an object each, with what was written beside it, in the order of the objects. What stands alone says something of an
 *   object that is not there: an error, since a slip in a name must not look like a removal.
 */
export function writtenIn(federated: readonly Placed[], namespaces: readonly Placed[]): Findings<readonly Written[]> {
  const documents = federated.map((placed) => ({ placed, ...roleOf(placed) }));
  const diagnostics: Diagnostic[] = [];
  const free = { placement: new Map<string, Placed>(), overrides: new Map<string, Placed>() };
  const doubtful = new Set<string>();
  for (const { placed, role, kind } of documents) {
    if (role === 'object') continue;
    const place = placeOf(placed, kind);
    const first = free[role].get(place);
    if (first === undefined) free[role].set(place, placed);
    else {
      doubtful.add(place);
      diagnostics.push(...doubled(placed, first));
    }
  }
  const take = (role: keyof typeof free, place: string): Placed | undefined => {
    const found = free[role].get(place);
    free[role].delete(place);
    return found;
  };
  const objects = documents
    .filter(({ role }) => role === 'object')
    .map(({ placed, kind }): Written => {
      const place = placeOf(placed, kind);
      return {
        object: placed,
        kind,
        placement: take('placement', place),
        overrides: take('overrides', place),
        isDoubtful: doubtful.has(place),
      };
    });
  const spaces = [...free.placement.values()].flatMap((placed): readonly Written[] => {
    const { kind } = roleOf(placed);
    if (`${kind}Placement` !== namespacePlacement) return [];
    const place = placeOf(placed, kind);
    const { name } = kindOfDocument(placed.document);
    return [
      {
        object: placed,
        kind,
        namespace: namespaces.find(({ document }) => kindOfDocument(document).name === name),
        placement: take('placement', place),
        overrides: take('overrides', place),
        isDoubtful: doubtful.has(place),
      },
    ];
  });
  const strays = [...free.placement.values(), ...free.overrides.values()];
  diagnostics.push(...strays.flatMap(alone));
  const stray = new Set(strays.map(roleOf).map(({ role, kind }) => `${role} of ${kind}`));
  const lacks = ({ kind, placement, overrides }: Written): boolean =>
    (placement === undefined && stray.has(`placement of ${kind}`)) ||
    (overrides === undefined && stray.has(`overrides of ${kind}`));
  const all = [...objects, ...spaces].map((each) => (lacks(each) ? { ...each, isDoubtful: true } : each));
  return { value: all, diagnostics };
}

function doubled(placed: Placed, first: Placed): readonly Diagnostic[] {
  const problems = problemsIn(placed);
  const { kind, name } = kindOfDocument(placed.document);
  problems.error(
    'A1573',
    ['metadata', 'name'],
    `${kind} ${name} is also declared in ${first.origin.path}:${first.origin.line}`,
  );
  return problems.list;
}

function alone(placed: Placed): readonly Diagnostic[] {
  const problems = problemsIn(placed);
  const { kind } = roleOf(placed);
  const { namespace, name } = kindOfDocument(placed.document);
  const message = `there is no ${kind} ${name} in namespace ${namespace || 'default'} that this could be of`;
  const hint = 'until there is one, or this is gone, nothing is removed, and what may be meant stays as it is';
  problems.error('A1572', ['metadata', 'name'], message, hint);
  return problems.list;
}
