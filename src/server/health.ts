/** Is this Landfall alive, and does it know enough to be asked? For a kubelet's probes. */
import type { RepositoryState } from '../engine/source/repository.ts';
import { type Reply, type Route, textReply } from './route.ts';

/** What an engine is looked at for; it shows all of this itself. */
export type HealthView = {
  readonly repositories: readonly { readonly settings: { readonly id: string }; readonly state: RepositoryState }[];
  /** The newest compile; undefined before the first. */
  readonly revision: object | undefined;
  readonly fleet: {
    readonly members: ReadonlyMap<string, { readonly id: string; readonly state: { readonly kind: string } }>;
  };
};

export type HealthDeps = {
  readonly engine: HealthView;
  /** How late its scheduler is. */
  readonly lateMs: () => number;
};

/** A pause longer than this is no load peak any more. */
const lateMsMax = 15_000;

export function healthRoutes(deps: HealthDeps): readonly Route[] {
  return [
    { method: 'GET', path: '/livez', answer: async () => livez(deps) },
    { method: 'GET', path: '/readyz', answer: async () => readyz(deps) },
  ];
}

/** Restarting helps when this fails, and only then: a cluster or a repository that is away is none of its business. */
function livez({ lateMs }: HealthDeps): Reply {
  const late = lateMs();
  return late > lateMsMax ? textReply(503, `the scheduler is ${late} ms late`) : textReply(200, 'ok');
}

/**
 * Ready: something was compiled, every repository was looked at, and every cluster was tried.
 *
 * One that does not answer keeps nobody waiting: what Landfall says about all others is true.
 */
function readyz({ engine }: HealthDeps): Reply {
  const waiting = [
    ...engine.repositories
      .filter(({ state }) => state.kind === 'starting')
      .map(({ settings }) => `repository ${settings.id} has not been looked at yet`),
    ...(engine.revision === undefined ? ['no repository has been read yet'] : []),
    ...[...engine.fleet.members.values()]
      .filter(({ state }) => state.kind === 'connecting')
      .map(({ id }) => `cluster ${id} has not been tried yet`),
  ];
  return waiting.length === 0 ? textReply(200, 'ok') : textReply(503, waiting.slice(0, 20).join('\n'));
}
