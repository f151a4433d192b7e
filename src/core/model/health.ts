/** How well an object or a cell is. Argo CD's words; kstatus's meaning. */

export const healthStatuses = ['Healthy', 'Progressing', 'Degraded', 'Suspended', 'Missing', 'Unknown'] as const;
export type HealthStatus = (typeof healthStatuses)[number];

export type Health = { readonly status: HealthStatus; readonly message?: string };

export const healthy: Health = { status: 'Healthy' };

// From best to worst; what is worst says how the whole is. Suspended is a person's choice, so it outranks nothing but health.
const badness: Readonly<Record<HealthStatus, number>> = {
  Healthy: 0,
  Suspended: 1,
  Progressing: 2,
  Unknown: 3,
  Missing: 4,
  Degraded: 5,
};

/** The worst of several; nothing at all is healthy. */
export function worstHealth(all: Iterable<Health>): Health {
  let worst = healthy;
  for (const health of all) if (badness[health.status] > badness[worst.status]) worst = health;
  return worst;
}
