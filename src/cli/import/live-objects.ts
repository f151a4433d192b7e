/** The objects of a live cluster, as far as they may belong into Git. */

import type { Remark } from '../../core/import/manifest.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { Kind } from '../../core/model/kinds.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import { forEach } from '../../engine/pool.ts';
import { UsageError } from '../failure.ts';

export type LiveChoice = {
  /** Empty: all but those of Kubernetes and of Landfall. */
  readonly namespaces: readonly string[];
  readonly selector: string | undefined;
  /** By any name that kubectl takes; empty: every namespaced kind that people write. */
  readonly kinds: readonly string[];
};

export type LiveObjects = { readonly objects: readonly KubeObject[]; readonly remarks: readonly Remark[] };

/** What controllers write, and what other tools of this trade would bring with them. */
const neverWritten =
  /^(?:(?:endpoints|events|pods|bindings|podtemplates|replicasets\.apps|controllerrevisions\.apps|leases\.coordination\.k8s\.io|csistoragecapacities\.storage\.k8s\.io|resourceclaims\.resource\.k8s\.io|replicationcontrollers)$|.*\.(?:events\.k8s\.io|discovery\.k8s\.io|metrics\.k8s\.io|extensions|argoproj\.io|[a-z]+\.toolkit\.fluxcd\.io|types\.kubefed\.io|core\.kubefed\.io)$)/;

const foreignNamespace = /^(?:kube-.*|landfall-.*)$/;
const listsMax = 8;

/** Errors: FaultError; UsageError for a kind that is not served. */
export async function liveObjects(
  { namespaces, selector, kinds }: LiveChoice,
  client: KubeClient,
  signal: AbortSignal,
): Promise<LiveObjects> {
  const served = await client.kinds(signal);
  const asked =
    kinds.length > 0
      ? kinds.map((name) => named(name, served.named))
      : preferred(served.all).filter((kind) => kind.isNamespaced && !neverWritten.test(resourceOf(kind)));
  const found = new Map<Kind, readonly KubeObject[]>();
  const remarks: Remark[] = [];
  await forEach(asked, listsMax, async (kind) => {
    const places = kind.isNamespaced && namespaces.length > 0 ? namespaces : [undefined];
    const objects: KubeObject[] = [];
    for (const namespace of places) {
      try {
        const query = { kind, namespace, labelSelector: selector };
        objects.push(...(await client.list(query, signal)).items);
      } catch (error) {
        if (!(error instanceof FaultError)) throw error;
        remarks.push({ subject: resourceOf(kind), reason: `not looked at: ${error.fault.detail}` });
      }
    }
    found.set(kind, objects);
  });
  const isAsked = ({ metadata }: KubeObject): boolean =>
    namespaces.length > 0 || metadata.namespace === undefined || !foreignNamespace.test(metadata.namespace);
  // In the order of the kinds, whichever answered first.
  return { objects: asked.flatMap((kind) => found.get(kind) ?? []).filter(isAsked), remarks };
}

const resourceOf = ({ group, resource }: Kind): string => (group === '' ? resource : `${resource}.${group}`);

/** Each kind once, at the version that the server prefers. */
function preferred(all: readonly Kind[]): readonly Kind[] {
  const seen = new Set<string>();
  return all.filter((kind) => {
    const id = resourceOf(kind);
    if (seen.has(id) || !kind.verbs.includes('list') || !kind.verbs.includes('create')) return false;
    seen.add(id);
    return true;
  });
}

function named(text: string, find: (resource: string, group?: string) => Kind | undefined): Kind {
  const [resource = '', ...group] = text.split('.');
  const kind = find(resource, group.length === 0 ? undefined : group.join('.'));
  if (kind !== undefined) return kind;
  throw new UsageError(`the cluster serves no ${JSON.stringify(text)}`);
}
