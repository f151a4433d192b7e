/** The schemas of the native manifests: one source for reading them, for editors and for `config/schema`. */
import { App } from './schema/app.ts';
import { Cluster } from './schema/cluster.ts';
import { Placement } from './schema/placement.ts';
import { Acknowledgement, Freeze, Pin, Tenant } from './schema/policy.ts';
import { Simulation } from './schema/simulation.ts';

/** All native kinds by name. */
export const schemas = { Cluster, App, Placement, Pin, Freeze, Tenant, Acknowledgement, Simulation } as const;
export type NativeKind = keyof typeof schemas;
