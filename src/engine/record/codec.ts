/** A cell's record as the ConfigMap that holds it. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { formatJson, parseJson } from '../../core/json/text.ts';
import { at, isArray, isObject, type Json, numberOf, textOf } from '../../core/json/value.ts';
import {
  appIdOf,
  cellId,
  clusterId,
  commitSha,
  digest,
  installationId,
  type ObjectKey,
  objectKey,
  objectKeyOf,
  partsOf,
  repositoryId,
} from '../../core/model/id.ts';
import { groupOf, type KubeObject } from '../../core/model/object.ts';
import type { Acknowledged, CellRecord, Good, Inventory, OwnedObject } from '../../core/model/record.ts';
import { applySetIdOf, recordNameOf, systemNamespace } from '../../core/plan/record-id.ts';

/** Selects the records of one installation. */
export const recordLabel = 'landfall.dev/record';

const format = '1';

export function encodeRecord(record: CellRecord): KubeObject {
  const name = recordNameOf(record.installation, record.app);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: systemNamespace,
      labels: { [recordLabel]: record.installation, 'applyset.kubernetes.io/id': applySetIdOf(name) },
      annotations: {
        // `kubectl apply --prune --applyset` refuses a set that another tool keeps.
        'applyset.kubernetes.io/tooling': 'landfall/v1',
        'applyset.kubernetes.io/contains-group-kinds': groupKindsOf(record.inventory),
        'applyset.kubernetes.io/additional-namespaces': namespacesOf(record.inventory),
      },
    },
    data: {
      format,
      app: record.app,
      cluster: record.cluster,
      installation: record.installation,
      repository: record.repository,
      placement: record.placement,
      stage: record.stage,
      source: record.source,
      chosenBy: record.chosenBy,
      onDelete: record.onDelete,
      commit: record.commit,
      revision: record.revision,
      digest: record.digest,
      intent: record.intent,
      appliedAt: formatTime(record.appliedAtMs),
      ...(record.healthySinceMs === undefined ? {} : { healthySince: formatTime(record.healthySinceMs) }),
      good: formatJson(record.good.map((good) => [good.digest, good.intent])),
      ...(record.acknowledged === undefined
        ? {}
        : { acknowledged: formatJson([record.acknowledged.deletes, record.acknowledged.aim ?? null]) }),
      replicas: formatJson(Object.fromEntries(record.replicas)),
    },
    binaryData: { inventory: encodeInventory(record.inventory) },
  };
}

/** Shape: undefined for a record that is damaged or of another format: unreadable, which is not empty. */
export function decodeRecord(object: KubeObject): CellRecord | undefined {
  const data = (field: string): string => textOf(at(object, 'data', field)) ?? '';
  const appliedAtMs = Date.parse(data('appliedAt'));
  const inventory = decodeInventory(textOf(at(object, 'binaryData', 'inventory')));
  const isWhole = ['app', 'cluster', 'installation', 'repository', 'commit', 'digest'].every(
    (field) => data(field) !== '',
  );
  if (data('format') !== format || !isWhole || inventory === undefined || Number.isNaN(appliedAtMs)) return undefined;
  const [app, cluster] = [appIdOf(data('app')), clusterId(data('cluster'))];
  const healthySinceMs = Date.parse(data('healthySince'));
  return {
    cell: cellId(app, cluster),
    app,
    cluster,
    installation: installationId(data('installation')),
    repository: repositoryId(data('repository')),
    placement: data('placement'),
    stage: data('stage'),
    source: data('source'),
    chosenBy: data('chosenBy') === 'names' ? 'names' : 'selector',
    onDelete: data('onDelete') === 'Delete' ? 'Delete' : 'Orphan',
    commit: commitSha(data('commit')),
    revision: commitSha(data('revision')),
    digest: digest(data('digest')),
    intent: digest(data('intent')),
    appliedAtMs,
    healthySinceMs: Number.isNaN(healthySinceMs) ? undefined : healthySinceMs,
    good: decodeGood(read(data('good'))),
    acknowledged: decodeAcknowledged(read(data('acknowledged'))),
    replicas: decodeReplicas(read(data('replicas'))),
    inventory,
  };
}

const formatTime = (ms: number): string => new Date(ms).toISOString();

function read(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function decodeGood(value: Json | undefined): readonly Good[] {
  const pairs = isArray(value) ? value : [];
  return pairs.flatMap((pair) =>
    isArray(pair) ? [{ digest: digest(textOf(pair[0]) ?? ''), intent: digest(textOf(pair[1]) ?? '') }] : [],
  );
}

function decodeAcknowledged(value: Json | undefined): Acknowledged | undefined {
  const deletes = isArray(value) ? textOf(value[0]) : undefined;
  if (deletes === undefined || !isArray(value)) return undefined;
  const aim = textOf(value[1]);
  return { deletes, aim: aim === undefined ? undefined : digest(aim) };
}

function decodeReplicas(value: Json | undefined): ReadonlyMap<ObjectKey, number> {
  const counts = isObject(value) ? Object.entries(value) : [];
  return new Map(counts.map(([key, count]) => [objectKeyOf(key), numberOf(count) ?? 0]));
}

/** Grouped by kind, so that 1,000 objects take some 76 KB; a ConfigMap may hold 1 MiB. */
function encodeInventory(inventory: Inventory): string {
  const kinds = Map.groupBy(inventory.values(), ({ apiVersion, key }) => `${apiVersion} ${partsOf(key).kind}`);
  const groups = [...kinds].map(([kind, members]) => [
    ...kind.split(' '),
    members.map(({ key, uid, digest: applied, fingerprint }) => [
      partsOf(key).namespace,
      partsOf(key).name,
      uid,
      applied,
      fingerprint,
    ]),
  ]);
  return deflateRawSync(formatJson(groups as Json)).toString('base64');
}

function decodeInventory(text: string | undefined): Inventory | undefined {
  if (text === undefined) return undefined;
  try {
    const groups = parseJson(
      inflateRawSync(Buffer.from(text, 'base64'), { maxOutputLength: 16 * 1024 * 1024 }).toString('utf8'),
    );
    if (!isArray(groups)) return undefined;
    return new Map(groups.flatMap(decodeGroup).map((owned) => [owned.key, owned]));
  } catch {
    return undefined;
  }
}

function decodeGroup(group: Json): readonly OwnedObject[] {
  const [apiVersion, kind, members] = isArray(group) ? group : [];
  const version = textOf(apiVersion) ?? '';
  return (isArray(members) ? members : []).map((member): OwnedObject => {
    const text = (index: number): string => (isArray(member) ? (textOf(member[index]) ?? '') : '');
    const key = objectKey(groupOf(version), textOf(kind) ?? '', text(0), text(1));
    return { key, apiVersion: version, uid: text(2), digest: digest(text(3)), fingerprint: text(4) };
  });
}

function groupKindsOf(inventory: Inventory): string {
  const kinds = new Set(
    [...inventory.keys()].map((key) => [partsOf(key).kind, partsOf(key).group].filter((part) => part !== '').join('.')),
  );
  return [...kinds].toSorted().join(',');
}

function namespacesOf(inventory: Inventory): string {
  const namespaces = new Set([...inventory.keys()].map((key) => partsOf(key).namespace));
  return [...namespaces]
    .filter((name) => name !== '' && name !== systemNamespace)
    .toSorted()
    .join(',');
}
