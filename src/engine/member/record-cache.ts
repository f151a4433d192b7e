/** The records of one installation on one member: followed, and written by us. */
import { textOf } from '../../core/json/value.ts';
import { FaultError } from '../../core/model/fault.ts';
import type { AppId, InstallationId } from '../../core/model/id.ts';
import { type KubeObject, withMetadata } from '../../core/model/object.ts';
import type { CellRecord } from '../../core/model/record.ts';
import { recordNameOf, systemNamespace } from '../../core/plan/record-id.ts';
import type { KubeClient } from '../../edge/kube/client.ts';
import type { ListQuery } from '../../edge/kube/query.ts';
import type { FollowEvent } from '../../edge/kube/track.ts';
import { decodeRecord, encodeRecord, recordLabel } from '../record/codec.ts';
import { isSameRecord } from '../record/same-record.ts';
import { builtinKinds } from './builtin-kind.ts';
import { isNewer } from './live-cache.ts';
import { packedInventory } from './packed-inventory.ts';
import type { TextPool } from './text-pool.ts';

/** A record as it lies on the member. */
export type HeldRecord = {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Undefined when it is damaged: unreadable, which is not empty. */
  readonly record: CellRecord | undefined;
};

export const recordQuery = (installation: InstallationId): ListQuery => ({
  kind: builtinKinds.configMap,
  namespace: systemNamespace,
  labelSelector: `${recordLabel}=${installation}`,
});

export function heldRecordOf(object: KubeObject): HeldRecord {
  return {
    name: object.metadata.name,
    uid: textOf(object.metadata.uid) ?? '',
    resourceVersion: textOf(object.metadata.resourceVersion) ?? '',
    record: decodeRecord(object),
  };
}

export type RecordCacheSettings = {
  readonly installation: InstallationId;
  readonly manager: string;
  readonly texts: TextPool;
};

export class RecordCache {
  readonly #installation: InstallationId;
  readonly #manager: string;
  readonly #texts: TextPool;
  readonly #byName = new Map<string, HeldRecord>();
  readonly #onChange: (held: HeldRecord) => void;
  /** What is on its way: its event may come before its answer, and is no news. */
  readonly #writing = new Map<string, CellRecord | undefined>();

  /** `onChange` hears of what others did to records, and of what is gone; not of our own writes. */
  constructor({ installation, manager, texts }: RecordCacheSettings, onChange: (held: HeldRecord) => void) {
    this.#installation = installation;
    this.#manager = manager;
    this.#texts = texts;
    this.#onChange = onChange;
  }

  get all(): Iterable<HeldRecord> {
    return this.#byName.values();
  }

  of(app: AppId): HeldRecord | undefined {
    return this.#byName.get(recordNameOf(this.#installation, app));
  }

  take(event: FollowEvent<HeldRecord>): void {
    switch (event.kind) {
      case 'listed': {
        const present = new Set(event.items.map(({ name }) => name));
        for (const held of [...this.#byName.values()]) if (!present.has(held.name)) this.#remove(held);
        for (const held of event.items) this.#set(held);
        return;
      }
      case 'set':
        return this.#set(event.item);
      case 'gone':
        return this.#remove(event.item);
      default:
        return;
    }
  }

  /** Creates or replaces a record. Errors: stale or exists, when somebody else wrote it; then look again. */
  async write(record: CellRecord, client: KubeClient, signal: AbortSignal): Promise<void> {
    const object = encodeRecord(record);
    const held = this.#byName.get(object.metadata.name);
    if (held !== undefined && held.record === undefined) {
      throw new FaultError({
        kind: 'misconfigured',
        detail: `record ${systemNamespace}/${held.name} is damaged; restore or remove it by hand`,
      });
    }
    this.#writing.set(object.metadata.name, record);
    try {
      const after = heldRecordOf(await this.#send(object, held, client, signal));
      this.#hold(after);
    } finally {
      this.#writing.delete(object.metadata.name);
    }
  }

  #send(
    object: KubeObject,
    held: HeldRecord | undefined,
    client: KubeClient,
    signal: AbortSignal,
  ): Promise<KubeObject> {
    const options = { manager: this.#manager };
    const kind = builtinKinds.configMap;
    if (held === undefined) return client.create(object, kind, options, signal);
    const { uid, resourceVersion } = held;
    return client.replace(withMetadata(object, { uid, resourceVersion }), kind, options, signal);
  }

  /** Removes the record of a cell that holds nothing any more. */
  async remove(held: HeldRecord, client: KubeClient, signal: AbortSignal): Promise<void> {
    const ref = { kind: builtinKinds.configMap, namespace: systemNamespace, name: held.name };
    const { uid, resourceVersion } = held;
    await client.remove(ref, { uid, resourceVersion, propagation: 'Background' }, signal);
    // When its event comes first, or never, somebody still waits for it to go.
    if (this.#byName.delete(held.name)) this.#onChange(held);
  }

  #set(held: HeldRecord): void {
    const before = this.#byName.get(held.name);
    if (before?.uid === held.uid && !isNewer(held.resourceVersion, before.resourceVersion)) return;
    this.#hold(held);
    if (!this.#isOurs(held)) this.#onChange(held);
  }

  #hold(held: HeldRecord): void {
    const { name, record } = held;
    const small = record && { ...record, inventory: packedInventory(record.inventory, this.#texts) };
    this.#byName.set(name, { ...held, record: small });
  }

  #isOurs({ name, record }: HeldRecord): boolean {
    return record !== undefined && isSameRecord(record, this.#writing.get(name));
  }

  #remove(held: HeldRecord): void {
    const before = this.#byName.get(held.name);
    if (before === undefined || before.uid !== held.uid) return;
    this.#byName.delete(held.name);
    this.#onChange(held);
  }
}
