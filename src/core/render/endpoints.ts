/** From addresses on clusters to names in DNS, each with the kind of record that it has. */
import { type JsonObject, withFields } from '../json/value.ts';
import type { AddressNames, AddressRecord } from '../model/address-record.ts';
import { unreachable } from '../model/invariant.ts';
import { asKubeObject, type KubeObject } from '../model/object.ts';

/** One cluster: where it is, and where a load balancer there is reached. */
export type Site = {
  readonly region: string;
  readonly zones: readonly string[];
  /** Addresses and names of hosts. */
  readonly targets: readonly string[];
};

/** A name, what it stands for, and the name that it leads to while that is nothing. */
type Wish = {
  readonly name: string;
  readonly targets: readonly string[];
  readonly otherwise: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
};

/** Shape: the object with its `spec.endpoints`, in order of name; a name that leads nowhere has none. */
export function withEndpoints({ names, ttlSeconds, object }: AddressRecord, sites: readonly Site[]): KubeObject {
  const wishes = wishesOf(names, sites);
  const byName = [...Map.groupBy(wishes, ({ name }) => name)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const endpoints = byName.flatMap(([name, all]): readonly JsonObject[] =>
    recordsOf(all).map(([recordType, targets]) => {
      const labels = all[0]?.labels;
      return {
        dnsName: name,
        targets,
        recordType,
        recordTTL: ttlSeconds,
        ...(labels === undefined ? {} : { labels }),
      };
    }),
  );
  return asKubeObject(withFields(object, { spec: { endpoints } }));
}

function wishesOf(names: AddressNames, sites: readonly Site[]): readonly Wish[] {
  switch (names.kind) {
    case 'same':
      return names.hosts.flatMap((name) => sites.map(({ targets }) => ({ name, targets, otherwise: undefined })));
    case 'wider':
      return widening(names, sites);
    default:
      return unreachable(names);
  }
}

function widening(
  { prefix, domain, alias, labels }: Extract<AddressNames, { readonly kind: 'wider' }>,
  sites: readonly Site[],
): readonly Wish[] {
  const global = `${prefix}.${domain}`;
  const own = sites.flatMap(({ region, zones, targets }): readonly Wish[] => {
    const regional = `${prefix}.${region}.${domain}`;
    return [
      { name: global, targets, otherwise: undefined, labels },
      { name: regional, targets, otherwise: global, labels },
      ...zones.map((zone) => ({ name: `${prefix}.${zone}.${region}.${domain}`, targets, otherwise: regional, labels })),
    ];
  });
  if (alias === undefined) return own;
  const name = `${alias}.${domain}`;
  return name === global ? own : [...own, { name, targets: [], otherwise: global }];
}

type RecordType = 'A' | 'AAAA' | 'CNAME';

const typeOf = (target: string): RecordType => {
  if (target.includes(':')) return 'AAAA';
  return /^[0-9]+(?:\.[0-9]+){3}$/.test(target) ? 'A' : 'CNAME';
};

/** DNS allows a name to lead to one other name, and then to nothing else: addresses go before names. */
function recordsOf(wishes: readonly Wish[]): readonly (readonly [RecordType, readonly string[]])[] {
  const targets = [...new Set(wishes.flatMap((wish) => wish.targets))].toSorted();
  const byType = Map.groupBy(targets, typeOf);
  const addresses = (['A', 'AAAA'] as const).flatMap((type) => {
    const found = byType.get(type);
    return found === undefined ? [] : [[type, found] as const];
  });
  if (addresses.length > 0) return addresses;
  const other = byType.get('CNAME')?.[0] ?? wishes.find(({ otherwise }) => otherwise !== undefined)?.otherwise;
  return other === undefined ? [] : [['CNAME', [other]]];
}
