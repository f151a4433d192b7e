/** The dialect of KubeFed: clusters, federated objects, namespaces. */
import { at, isObject } from '../../json/value.ts';
import { nothingDeclared } from '../../model/declarations.ts';
import { type Diagnostic, type Findings, isError } from '../../model/diagnostic.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { Cluster } from '../../model/fleet.ts';
import type { Document } from '../../model/source.ts';
import type { Claims, Declared, Dialect, DialectInput } from '../dialect.ts';
import { nearest } from '../nearest.ts';
import { kindOfDocument, originAt, type Placed } from '../placed.ts';
import { withoutClashes } from './clash.ts';
import { readCluster } from './cluster.ts';
import { readControlPlane } from './control-plane.ts';
import { namesOf } from './dns.ts';
import { type FederatedObject, readFederated } from './federated.ts';
import { areaOf, kindsOf } from './group.ts';
import { isNamespace, namespacesOf, within } from './namespace.ts';
import { outsideOf } from './outside.ts';
import { everywhere } from './placement.ts';
import { preferencesOf, preferring } from './preference.ts';
import { readManifest } from './read.ts';
import { placementFields } from './said.ts';
import * as schema from './schema.ts';
import { definedKinds, frozen, readTypeConfig, typeTable } from './type-config.ts';
import { placedNamespaces, writtenIn } from './written.ts';

export const kubefed: Dialect = {
  name: 'kubefed',
  claims: (group, kind) => areaOf(group, kind) !== undefined,
  claimsBeside: (claimed): Claims => {
    const kinds = definedKinds(claimed.filter(isKind('FederatedTypeConfig')));
    const namespaces = placedNamespaces(claimed);
    return (group, kind, document) =>
      kinds.has(`${group}/${kind}`) ||
      (claimed.length > 0 && group !== '' && isFederatedShape(document)) ||
      (group === '' && kind === 'Namespace' && namespaces.has(kindOfDocument(document).name));
  },
  read,
};

const isKind =
  (...kinds: readonly string[]) =>
  ({ document }: Placed): boolean =>
    kinds.includes(kindOfDocument(document).kind);

function read({ claimed }: DialectInput): Findings<Declared> {
  const diagnostics: Diagnostic[] = [];
  const told = <T>({ value, diagnostics: problems }: Findings<T>): T => {
    diagnostics.push(...problems);
    return value;
  };
  const of = (...kinds: readonly string[]): readonly Placed[] => claimed.filter(isKind(...kinds));
  const controlPlane = told(readControlPlane(of('KubeFedConfig')));
  const outside = outsideOf(of('KubeFedConfig'), of('KubeFedCluster', 'FederatedTypeConfig'));
  diagnostics.push(...outside.values());
  const clusters = of('KubeFedCluster', 'FederatedCluster')
    .filter((placed) => !outside.has(placed))
    .map((placed) => told(readCluster(placed)));
  const configs = of('FederatedTypeConfig').map((placed) => told(readTypeConfig(placed)));
  const readable = configs.filter((config) => config !== undefined);
  const counting = told(withoutClashes(readable.filter(({ placed }) => !outside.has(placed))));
  const typeOf = typeTable([...counting, ...readable.filter(({ placed }) => outside.has(placed)).map(frozen)]);
  const known = new Set(clusters.flatMap((cluster) => cluster?.id ?? []));
  const strangers = claimed.flatMap(unknownKind);
  // What it is called, and where, cannot be read: it may be anything that is missing.
  const uncalled = claimed.flatMap((placed) => readManifest(schema.Called, placed).diagnostics);
  diagnostics.push(...strangers, ...uncalled);
  let isComplete =
    [strangers, uncalled, [...outside]].every(({ length }) => length === 0) &&
    [...clusters, ...configs].every((each) => each !== undefined);
  const written = writtenIn(claimed.filter(isFederated), claimed.filter(isPlainNamespace));
  if (written.diagnostics.some(isError)) isComplete = false;
  const objects = told(written).flatMap((each): readonly FederatedObject[] => {
    const { object: placed, kind } = each;
    const type = typeOf(placed, kind);
    if (type !== undefined && hasName(placed))
      return [told(readFederated(each, type, { adopt: controlPlane.adopt, known }))];
    if (type === undefined) diagnostics.push(notEnabled(placed));
    isComplete = false;
    return [];
  });
  const spaces = told(asFindings(namespacesOf(objects.filter(isNamespace))));
  const wishes = told(preferencesOf(of('ReplicaSchedulingPreference'), objects));
  const settled = objects
    .filter((object) => !isNamespace(object))
    .map((object) => {
      const wish = wishes.get(object);
      const limit = spaces.limits.get(object.namespace ?? '');
      const preferred = wish && preferring(object, wish, limit?.selected ?? everywhere);
      diagnostics.push(...(preferred?.diagnostics ?? []));
      const found = within(preferred?.object ?? object, spaces.limits, controlPlane);
      diagnostics.push(...found.diagnostics);
      return found.object;
    });
  const all = [...spaces.objects, ...settled];
  const records = of('ServiceDNSRecord', 'IngressDNSRecord').filter(hasName);
  const names = told(namesOf(of('Domain'), records, controlPlane.adopt));
  diagnostics.push(...claimed.filter(isBookkeeping).map(bookkeeping));
  return {
    value: {
      ...nothingDeclared,
      clusters: clusters.filter((cluster): cluster is Cluster => cluster !== undefined),
      intents: [...all.map(({ intent }) => intent), ...names.intents],
      placements: [...all.map(({ placement }) => placement), ...names.placements],
      componentPaths: [],
      isComplete: isComplete && !spaces.diagnostics.some(isError),
    },
    diagnostics,
  };
}

const asFindings = <T extends { readonly diagnostics: readonly Diagnostic[] }>(value: T): Findings<T> => ({
  value,
  diagnostics: value.diagnostics,
});

/** A kind that a FederatedTypeConfig defines, or one of KubeFed's own federated kinds. */
function isFederated(placed: Placed): boolean {
  const { group, kind } = kindOfDocument(placed.document);
  const area = areaOf(group, kind);
  return (area === undefined && !isPlainNamespace(placed)) || area === 'types';
}

/** Of a kind whose FederatedTypeConfig is gone: that it is not known any more removes nothing. */
function isFederatedShape({ value }: Document): boolean {
  const placement = at(value, 'spec', 'placement');
  const isPlacing = isObject(placement) && placementFields.some((field) => Object.hasOwn(placement, field));
  return isPlacing && isObject(at(value, 'spec', 'template'));
}

const isPlainNamespace = ({ document }: Placed): boolean => {
  const { group, kind } = kindOfDocument(document);
  return group === '' && kind === 'Namespace';
};

/** A slip in the kind of anything else may hide any of it. */
function unknownKind(placed: Placed): readonly Diagnostic[] {
  const { group, kind } = kindOfDocument(placed.document);
  const area = areaOf(group, kind);
  if (area === undefined || area === 'types') return [];
  const known = kindsOf(area);
  if (known.includes(kind)) return [];
  const guess = nearest(kind, known);
  const hint = guess === undefined ? `its kinds are ${known.join(', ')}` : `did you mean \`${guess}\`?`;
  const message = `${group} has no kind ${excerpt(kind)}`;
  return [{ code: 'A1104', severity: 'error', origin: originAt(placed, ['kind']), message, hint }];
}

const hasName = ({ document }: Placed): boolean => kindOfDocument(document).name !== '';

const isBookkeeping = isKind('PropagatedVersion', 'ClusterPropagatedVersion', 'FederatedServiceStatus', 'DNSEndpoint');

function bookkeeping(placed: Placed): Diagnostic {
  const { kind } = kindOfDocument(placed.document);
  const message = `${kind} is KubeFed's own bookkeeping and says nothing here`;
  return { code: 'A1563', severity: 'warning', origin: placed.origin, message, hint: 'take it out of Git' };
}

function notEnabled(placed: Placed): Diagnostic {
  const { kind } = kindOfDocument(placed.document);
  if (kind === '') {
    const message = '`kind` must be a string';
    return { code: 'A1302', severity: 'error', origin: originAt(placed, ['kind']), message };
  }
  const hint = 'commit its FederatedTypeConfig, or give `spec.template` an `apiVersion`';
  const message = `it is not known what a ${kind} is made into`;
  return { code: 'A1553', severity: 'error', origin: originAt(placed, ['kind']), message, hint };
}
