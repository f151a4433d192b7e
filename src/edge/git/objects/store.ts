/** The objects of one repository, wherever they lie: packs, loose files, and the stores of alternates. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { looseNamesFrom, readLoose } from './loose.ts';
import { DamageError, oidOf, type Reading } from './object.ts';
import { openPack, type Pack } from './pack.ts';

export type ObjectStore = {
  /**
   * Reads an object and checks its hash. A damaged copy is passed over when there is a good one.
   *
   * Units: `sizeMax` in bytes. Errors: DamageError, when there are only damaged copies.
   */
  readonly read: (oid: string, sizeMax: number) => Reading;
  /** Full names that begin with these hex digits, at most `limit`. */
  readonly namesFrom: (prefix: string, limit: number) => readonly string[];
  /** Forgets which packs there are; the next read looks again. */
  readonly refresh: () => void;
  readonly close: () => void;
};

const alternatesMax = 32;
const nestingMax = 32;

/**
 * Opens folders of objects (`<repository>/objects`), searched in this order. They may be absent or grow later.
 *
 * Cost: a read that finds nothing lists the packs again.
 */
export function openObjects(folders: readonly string[]): ObjectStore {
  let packs: readonly Pack[] | undefined;
  let places: readonly string[] = [];
  // Two packs can name each other's objects as bases for ever.
  let nesting = 0;

  const list = (): readonly Pack[] => {
    if (packs !== undefined) return packs;
    places = withAlternates(folders);
    packs = places.flatMap((place) => packsIn(join(place, 'pack')));
    return packs;
  };
  const forget = (): void => {
    for (const pack of packs ?? []) pack.close();
    packs = undefined;
  };

  const readFrom = (oid: string, sizeMax: number): Reading => {
    const name = Buffer.from(oid, 'hex');
    const outside = (base: Buffer): Reading => {
      if (nesting >= nestingMax) throw new DamageError('a chain of deltas has no end');
      nesting++;
      try {
        return readFrom(base.toString('hex'), sizeMax);
      } finally {
        nesting--;
      }
    };
    let damage: DamageError | undefined;
    const attempt = (read: () => Reading): Reading => {
      try {
        const reading = read();
        if (reading.kind !== 'held' || oidOf(reading) === oid) return reading;
        damage = new DamageError(`object ${oid} does not match its name`);
      } catch (error) {
        if (!(error instanceof DamageError)) throw error;
        damage = error;
      }
      return { kind: 'absent' };
    };
    for (const pack of list()) {
      if (!pack.has(name)) continue;
      const reading = attempt(() => pack.read(name, sizeMax, outside));
      if (reading.kind !== 'absent') return reading;
    }
    for (const place of places) {
      const reading = attempt(() => readLoose(place, oid, sizeMax));
      if (reading.kind !== 'absent') return reading;
    }
    if (damage !== undefined) throw damage;
    return { kind: 'absent' };
  };

  return {
    read: (oid, sizeMax) => {
      const reading = readFrom(oid, sizeMax);
      if (reading.kind !== 'absent') return reading;
      forget();
      return readFrom(oid, sizeMax);
    },
    namesFrom: (prefix, limit) => {
      forget();
      const packed = list().flatMap((pack) => pack.namesFrom(prefix, limit));
      const loose = places.flatMap((place) => looseNamesFrom(place, prefix));
      return [...new Set([...packed, ...loose])].slice(0, limit);
    },
    refresh: forget,
    close: forget,
  };
}

/** Packs with an index that fits. One that does not is as good as absent: its objects are then fetched again. */
function packsIn(folder: string): readonly Pack[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.idx'));
  return names.flatMap((name) => {
    try {
      return [openPack(join(folder, name.slice(0, -4)))];
    } catch (error) {
      // Also what is left of a pack that a repack of somebody else's removes while we look.
      if (error instanceof DamageError || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
        return [];
      }
      throw error;
    }
  });
}

/** Follows `info/alternates`. Source: gitrepository-layout(5). */
function withAlternates(folders: readonly string[]): readonly string[] {
  const found = new Set(folders);
  for (const folder of found) {
    for (const line of linesOf(join(folder, 'info', 'alternates'))) {
      if (line === '' || line.startsWith('#')) continue;
      if (found.size < alternatesMax) found.add(isAbsolute(line) ? line : join(folder, line));
    }
  }
  return [...found];
}

function linesOf(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
}
