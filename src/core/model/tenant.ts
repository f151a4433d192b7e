/** What a repository may do. Default deny; a repository that is both operator and tenant may do everything. */
import type { ClusterMatch } from './fleet.ts';
import type { ClusterId } from './id.ts';
import type { Origin } from './source.ts';

export type Tenant = {
  readonly name: string;
  readonly origin: Origin;
  /** Which repositories: by URL and branch, as the settings or this manifest name them. */
  readonly repositories: readonly { readonly url: string; readonly branch: string }[];
  /** `<namespace>:<name>` impersonated on every member; a missing identity is a refusal. */
  readonly serviceAccount: { readonly namespace: string; readonly name: string } | undefined;
  /** Make Namespace, ServiceAccount and RoleBinding on the destinations. */
  readonly isProvisioned: boolean;
  readonly destinations: readonly Destination[];
  readonly rules: readonly KindRule[];
  readonly copies: readonly CopyGrant[];
};

/** Namespaces are exact names, or a prefix with `*` at its end. */
export type Destination = { readonly clusters: ClusterMatch; readonly namespaces: readonly string[] };

/** As an RBAC rule; `*` never includes RBAC itself, CRDs, webhooks or namespaces. */
export type KindRule = { readonly apiGroups: readonly string[]; readonly resources: readonly string[] };

export type CopyGrant = {
  readonly cluster: ClusterId;
  readonly namespace: string;
  readonly kind: string;
  /** Empty: every name. */
  readonly names: readonly string[];
};
