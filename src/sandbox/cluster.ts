/** One pretend cluster: a store, the rules of the API around it, controllers, disorder, and a way to look inside. */
import type { KubeObject } from '../core/model/object.ts';
import type { Clock } from '../seam/clock.ts';
import type { Rng } from '../seam/rng.ts';
import type { Answerer } from './api/exchange.ts';
import type { Tokens } from './api/identity.ts';
import { answererOf } from './api/pipeline.ts';
import { bootstrap } from './bootstrap.ts';
import { actorOf } from './controllers/actor.ts';
import { controllerLoop } from './controllers/loop.ts';
import { addControllers } from './controllers/roster.ts';
import { type Disorder, type DisorderControl, disorderControl } from './disorder.ts';
import { withManaged } from './merge/managed.ts';
import { allowAll, rbacAuthorizer } from './rbac/authorizer.ts';
import { checkEscalation } from './rbac/escalation.ts';
import { type Admission, admissionChain } from './registry/admission.ts';
import { allocator } from './registry/allocator.ts';
import { type Kinds, kindsOfCluster } from './registry/kinds.ts';
import { admin } from './registry/user.ts';
import { callWebhooks } from './registry/webhooks.ts';
import type { World } from './registry/world.ts';
import { type RequestCount, requestLog } from './requests.ts';
import { forkRng } from './rng.ts';
import type { SandboxSettings } from './settings.ts';
import type { ParsedObjects } from './store/parsed.ts';
import { store as storeOf } from './store/store.ts';
import type { Trap } from './traps.ts';

export type SandboxCluster = {
  readonly name: string;
  /** The uid of `kube-system`, by which clusters are told apart. */
  readonly uid: string;
  readonly handle: Answerer;
  /** Looks at an object without a request; managedFields included. */
  readonly read: (apiVersion: string, kind: string, namespace: string, name: string) => KubeObject | undefined;
  /** All objects of a kind, in order of key. */
  readonly list: (apiVersion: string, kind: string, namespace?: string) => readonly KubeObject[];
  /** How many objects there are, of all kinds. */
  readonly size: () => number;
  readonly requests: () => readonly RequestCount[];
  readonly disorder: () => Disorder;
  readonly setDisorder: (disorder: Disorder) => void;
  /** Looks at, changes or refuses every write; the result takes it out again. */
  readonly admit: (admission: Admission) => () => void;
  /** Forgets all history: watches from an earlier version are answered 410. */
  readonly compact: () => void;
  /** Nothing is left to do but what waits for time to pass. */
  readonly isIdle: () => boolean;
  readonly close: () => void;
};

export type ClusterDeps = {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly parsed: ParsedObjects;
  readonly builtin: Parameters<typeof kindsOfCluster>[0];
  readonly onTrap: (trap: Trap) => void;
};

export function sandboxCluster(name: string, settings: SandboxSettings, deps: ClusterDeps): SandboxCluster {
  const { clock, parsed, builtin, onTrap } = deps;
  const rng = forkRng(deps.rng);
  const store = storeOf(parsed, settings.changesMax);
  const authorizer = settings.authorization === 'RBAC' ? rbacAuthorizer(store) : allowAll;
  const world: World = {
    name,
    clock,
    rng,
    store,
    kinds: kindsOfCluster(builtin),
    admission: admissionChain((review) => callWebhooks(store, review)),
    allocator: allocator(rng),
    checkGrant: (user, resource, object) => checkEscalation(authorizer, store, user, resource, object),
  };
  const onBug = (error: unknown, controller: string): void => {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    onTrap({ kind: 'bugInSandbox', cluster: name, method: '', path: controller, userAgent: '', detail });
  };
  const loop = controllerLoop(clock, store.log, onBug);
  const tokens: Tokens = { fixed: settings.tokens, issued: new Map() };
  addControllers(loop, world, settings, tokens);
  bootstrap(actorOf(world, admin, 'kube-apiserver'), settings);
  // No client can have seen anything before; a real server, too, has forgotten its own beginnings.
  store.log.compact(store.revision());

  const disorder: DisorderControl = disorderControl(settings.disorder);
  const requests = requestLog();
  const chance = forkRng(deps.rng);
  return {
    name,
    uid: store.get('namespaces', '', 'kube-system')?.uid ?? '',
    handle: answererOf({ world, tokens, authorizer, disorder, chance, requests, onTrap }),
    read: (apiVersion, kind, namespace, objectName) => {
      const place = placeOf(world.kinds, apiVersion, kind);
      const entry = place === undefined ? undefined : store.get(place, namespace, objectName);
      return entry && withManaged(store.held(entry));
    },
    list: (apiVersion, kind, namespace) => {
      const place = placeOf(world.kinds, apiVersion, kind);
      return place === undefined ? [] : store.list(place, namespace).map((entry) => withManaged(store.held(entry)));
    },
    size: store.size,
    requests: requests.snapshot,
    disorder: disorder.now,
    setDisorder: disorder.set,
    admit: world.admission.add,
    compact: () => store.log.compact(store.revision()),
    isIdle: loop.isIdle,
    close: loop.stop,
  };
}

const placeOf = (kinds: Kinds, apiVersion: string, kind: string): string | undefined =>
  kinds.named(apiVersion, kind)?.place;
