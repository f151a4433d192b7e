/** All that becomes of objects of some kinds on one cluster, from now on: who watched it can say that nothing was deleted. */
import { at, type Json, type JsonObject, textOf } from '../../../src/core/json/value.ts';
import { connect } from '../../conform/client.ts';
import { type ApiServer, admin } from '../api-server.ts';

export type Moment = { readonly type: string; readonly object: JsonObject };

export type History = {
  /** In order, for each kind. What was there at the start is `ADDED`. */
  readonly moments: () => readonly Moment[];
  readonly stop: () => Promise<void>;
};

const silenceMsMax = 3_600_000;

/** `paths`: of collections, such as `/apis/apps/v1/deployments`. */
export async function historyOf(server: ApiServer, paths: readonly string[]): Promise<History> {
  const target = { name: server.name, origin: server.origin, token: server.tokenFor(admin), ca: server.ca() };
  const api = connect(target, silenceMsMax);
  const moments: Moment[] = [];
  let isStopped = false;
  const watches = await Promise.all(paths.map((path) => api.watch(path)));
  const read = async (watch: (typeof watches)[number]): Promise<void> => {
    try {
      for (let event = await watch.next(); event !== undefined; event = await watch.next()) moments.push(event);
    } catch (error) {
      if (!isStopped) throw error;
      return;
    }
    if (!isStopped) throw new Error(`a watch on ${server.name} ended`);
  };
  const reading = Promise.allSettled(watches.map(read));
  return {
    moments: () => moments,
    stop: async () => {
      isStopped = true;
      for (const watch of watches) watch[Symbol.dispose]();
      const failed = (await reading).find((each) => each.status === 'rejected');
      api[Symbol.dispose]();
      if (failed !== undefined) throw failed.reason;
    },
  };
}

/** Kind and name. */
export function titleOf(object: Json): string {
  const [namespace, name] = ['namespace', 'name'].map((field) => textOf(at(object, 'metadata', field)) ?? '');
  return `${textOf(at(object, 'kind'))} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/**
 * What no hand-over may do: objects that went, or came anew, or whose content was another for a while.
 *
 * Generations say little: annotations alone raise that of a Deployment.
 */
export function harmIn(moments: readonly Moment[], isOurs: (object: Json) => boolean): readonly string[] {
  const first = new Map<string, Moment>();
  return moments
    .filter(({ object }) => isOurs(object))
    .flatMap((moment) => {
      const title = titleOf(moment.object);
      const before = first.get(title);
      if (before === undefined) first.set(title, moment);
      if (moment.type === 'DELETED') return [`${title} was deleted`];
      // A pod is bound, and runs; that it stays is all there is to say.
      if (before === undefined || at(moment.object, 'kind') === 'Pod') return [];
      const isOther = (...path: readonly string[]): boolean =>
        JSON.stringify(at(moment.object, ...path)) !== JSON.stringify(at(before.object, ...path));
      return [
        ...(isOther('metadata', 'uid') ? [`${title} was made anew`] : []),
        ...['spec', 'data', 'rules', 'secrets']
          .filter((part) => isOther(part))
          .map((part) => `${title}: another ${part}`),
        ...(isOther('metadata', 'deletionTimestamp') ? [`${title} is being deleted`] : []),
      ];
    });
}
