/** What a follower knows, and what it may tell: the state machine behind `follow`, without its waits. */
import { textOf } from '../../core/json/value.ts';
import { type Fault, FaultError } from '../../core/model/fault.ts';
import type { ObjectKey } from '../../core/model/id.ts';
import { type KubeObject, keyOf } from '../../core/model/object.ts';
import type { Listing } from './list.ts';
import type { WatchEvent, WatchFrom } from './watch.ts';

/**
 * What a follower tells. From `listed` or `resumed` to the next `broken` it is synced: what it told is what the server
 * has. After `broken` what was told stands, perhaps outdated, until the next `listed` or `resumed`.
 */
export type FollowEvent<T> =
  /** Everything there is; replaces all that was told before. */
  | { readonly kind: 'listed'; readonly items: readonly T[]; readonly resourceVersion: string }
  /** New or changed. */
  | { readonly kind: 'set'; readonly item: T; readonly resourceVersion: string }
  /** Its last state. With a selector: gone from the selection, and perhaps alive. */
  | { readonly kind: 'gone'; readonly item: T; readonly resourceVersion: string }
  /** Everything up to this version has been told. */
  | { readonly kind: 'mark'; readonly resourceVersion: string }
  /** Blind for now; the next attempt comes after `retryInMs`. */
  | { readonly kind: 'broken'; readonly fault: Fault; readonly retryInMs: number }
  /** The watch goes on from where it broke: nothing was missed. */
  | { readonly kind: 'resumed' };

/** What to ask for next. */
export type Step = { readonly kind: 'list' } | { readonly kind: 'watch'; readonly from: WatchFrom };

/** Source: the states of kube-rs' watcher. */
type State<T> =
  /** Nothing is known, or what is known has expired. */
  | { readonly kind: 'blank' }
  /** A watch is sending what there is; nothing is told until all of it is here. */
  | { readonly kind: 'filling'; readonly items: Map<ObjectKey, T> }
  /** Everything up to this version is known and told. */
  | { readonly kind: 'known'; readonly resourceVersion: string };

/** After so many, pages are asked for instead. */
const fillsCutMax = 2;
/** After so many refusals in a row the version itself is doubted: the cluster may have been restored from a backup. */
const refusalsToDoubt = 4;

export class Track<T> {
  readonly #reduce: (object: KubeObject) => T;
  readonly #tell: (event: FollowEvent<T>) => void;
  #state: State<T> = { kind: 'blank' };
  #isSynced = false;
  /** Can the server send what there is at the start of a watch? Assumed until it shows that it cannot. */
  #canFill = true;
  /** Watches that began to send what there is and broke before its end, in a row. */
  #fillsCut = 0;
  #isOpened = false;

  constructor(reduce: (object: KubeObject) => T, tell: (event: FollowEvent<T>) => void) {
    this.#reduce = reduce;
    this.#tell = tell;
  }

  begin(): Step {
    this.#isOpened = false;
    if (this.#state.kind === 'known') {
      return { kind: 'watch', from: { kind: 'version', resourceVersion: this.#state.resourceVersion } };
    }
    if (!this.#canFill) return { kind: 'list' };
    this.#state = { kind: 'filling', items: new Map() };
    return { kind: 'watch', from: { kind: 'start' } };
  }

  onList({ items, resourceVersion }: Listing<T>): void {
    this.#state = { kind: 'known', resourceVersion };
    this.#fillsCut = 0;
    this.#isSynced = true;
    this.#tell({ kind: 'listed', items, resourceVersion });
  }

  /** Errors: protocol, when a server sends what it has and does not say where that ends. */
  onEvent(event: WatchEvent): void {
    if (event.kind === 'opened') this.#onOpened();
    else if (event.kind === 'mark') this.#onMark(event.resourceVersion, event.isInitialEnd);
    else this.#onObject(event.kind, event.object);
  }

  #onObject(kind: 'set' | 'gone', object: KubeObject): void {
    const item = this.#reduce(object);
    if (this.#state.kind === 'filling') {
      const key = keyOf(object);
      if (kind === 'set') this.#state.items.set(key, item);
      else this.#state.items.delete(key);
      return;
    }
    const resourceVersion = textOf(object.metadata.resourceVersion) ?? '';
    this.#tell({ kind, item, resourceVersion });
    if (resourceVersion !== '') this.#state = { kind: 'known', resourceVersion };
  }

  /** Is everything told that the server has said there is? */
  get isKnown(): boolean {
    return this.#state.kind === 'known';
  }

  /** Shape: true when there is another way to ask, at once. `faults`: in a row, this one included. */
  onFault(fault: Fault, faults: number): boolean {
    const wasFilling = this.#state.kind === 'filling';
    if (wasFilling || isVersionBad(fault, faults)) this.#state = { kind: 'blank' };
    if (!wasFilling) return false;
    if (this.#isOpened) this.#fillsCut += 1;
    // Servers with the feature switched off refuse the parameter; some proxies cut long answers.
    const isRefused = fault.kind === 'invalid';
    if (isRefused || this.#fillsCut >= fillsCutMax) this.#canFill = false;
    return isRefused;
  }

  onBroken(fault: Fault, retryInMs: number): void {
    this.#isSynced = false;
    this.#tell({ kind: 'broken', fault, retryInMs });
  }

  /** The server ended the watch. Errors: protocol, when it did so before all was told. */
  onEnd(doing: string): void {
    if (this.#state.kind !== 'filling') return;
    throw new FaultError({ kind: 'protocol', detail: `${doing}: ended before everything was told` });
  }

  #onOpened(): void {
    this.#isOpened = true;
    if (this.#state.kind !== 'known' || this.#isSynced) return;
    this.#isSynced = true;
    this.#tell({ kind: 'resumed' });
  }

  #onMark(resourceVersion: string, isInitialEnd: boolean): void {
    if (this.#state.kind !== 'filling') {
      this.#state = { kind: 'known', resourceVersion };
      this.#tell({ kind: 'mark', resourceVersion });
    } else if (isInitialEnd) {
      this.onList({ items: [...this.#state.items.values()], resourceVersion });
    } else {
      // Servers before 1.27 overlook the parameter: they send what they have, and then a mark like any other.
      throw new FaultError({ kind: 'invalid', detail: 'the server does not say where its objects end' });
    }
  }
}

function isVersionBad(fault: Fault, faults: number): boolean {
  switch (fault.kind) {
    case 'expired':
    case 'invalid':
      return true;
    // The kind is gone; when it comes back it is with other objects.
    case 'missing':
      return true;
    case 'serverError':
    case 'protocol':
      return faults >= refusalsToDoubt;
    default:
      return false;
  }
}
