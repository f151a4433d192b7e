/** Traffic that enters by a Gateway which is brought to other clusters, and not to this one. */
import { at, isArray, textOf } from '../json/value.ts';
import { type DesiredObject, type Rendering, writtenOf } from '../model/cell.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { describeObject, groupOf } from '../model/object.ts';
import type { CompiledCell } from './cells.ts';
import type { Told } from './fold.ts';

const group = 'networking.istio.io';

type Use = { readonly object: DesiredObject; readonly gateway: string };

/** By `<namespace>/<name>`. */
type Traffic = { readonly gateways: readonly string[]; readonly uses: readonly Use[] };

/** Clusters share most renderings, so each is looked through once. */
const known = new WeakMap<Rendering, Traffic>();

/**
 * Shape: a warning for each use. A Gateway that no App brings anywhere is somebody else's, and surely where it has to be.
 * Cost: linear in cells, and in objects of renderings that are new.
 */
export function gatewayWarnings(cells: readonly CompiledCell[]): readonly Told[] {
  const holding = cells.flatMap(({ cell }) =>
    cell.aim.kind === 'hold' ? [{ cell, traffic: trafficIn(cell.aim.rendering) }] : [],
  );
  const anywhere = new Set(holding.flatMap(({ traffic }) => traffic.gateways));
  if (anywhere.size === 0 || holding.every(({ traffic }) => traffic.uses.length === 0)) return [];
  return [...Map.groupBy(holding, ({ cell }) => cell.cluster).values()].flatMap((here) => {
    const brought = new Set(here.flatMap(({ traffic }) => traffic.gateways));
    return here.flatMap(({ cell: { app, cluster }, traffic }) =>
      traffic.uses
        .filter(({ gateway }) => anywhere.has(gateway) && !brought.has(gateway))
        .map((use): Told => ({ app, cluster, diagnostic: warningOf(use) })),
    );
  });
}

function trafficIn(rendering: Rendering): Traffic {
  const found = known.get(rendering) ?? read(writtenOf(rendering));
  known.set(rendering, found);
  return found;
}

function read(objects: readonly DesiredObject[]): Traffic {
  const ofIstio = objects.filter(({ object }) => groupOf(object.apiVersion) === group);
  const nameOf = ({ object: { metadata } }: DesiredObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
  const uses = ofIstio.flatMap((each) => {
    const named = each.object.kind === 'VirtualService' ? at(each.object, 'spec', 'gateways') : undefined;
    return (isArray(named) ? named : []).flatMap((item): readonly Use[] => {
      const name = textOf(item) ?? '';
      const namespace = each.object.metadata.namespace ?? '';
      return name === 'mesh' ? [] : [{ object: each, gateway: name.includes('/') ? name : `${namespace}/${name}` }];
    });
  });
  return { gateways: ofIstio.filter(({ object }) => object.kind === 'Gateway').map(nameOf), uses };
}

const warningOf = ({ object, gateway }: Use): Diagnostic => ({
  code: 'A1324',
  severity: 'warning',
  origin: object.origin,
  message: `${describeObject(object.object)} takes its traffic from Gateway ${gateway}, which other clusters get and this one does not`,
  hint: 'bring the Gateway to every cluster that takes the traffic',
});
