/** Names under which something is found, made of where load balancers have it on each cluster. */
import type { ClusterMatch } from './fleet.ts';
import type { KubeObject } from './object.ts';
import type { Origin } from './source.ts';

export type AddressRecord = {
  readonly origin: Origin;
  /** Clusters on which it is looked for. */
  readonly clusters: ClusterMatch;
  /** What has the addresses. */
  readonly reached: {
    readonly resource: 'services' | 'ingresses';
    readonly group: string;
    readonly namespace: string;
    readonly name: string;
    /** An address counts only while something ready stands behind it. */
    readonly mustBeReady: boolean;
  };
  readonly names: AddressNames;
  readonly ttlSeconds: number;
  /** What the names are written into, as `spec.endpoints`. */
  readonly object: KubeObject;
};

export type AddressNames =
  /** One name each for every zone, every region and all; without an address a name leads on to the next wider one. */
  | {
      readonly kind: 'wider';
      /** Without the domain, and without a dot at its end. */
      readonly prefix: string;
      readonly domain: string;
      /** A further name that leads to the name of all. */
      readonly alias: string | undefined;
      readonly labels: Readonly<Record<string, string>> | undefined;
    }
  /** Each of them has all addresses. */
  | { readonly kind: 'same'; readonly hosts: readonly string[] };
