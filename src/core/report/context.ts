/** The names that statuses go by. They hold nothing that comes and goes, so that a rule of a forge can require them. */
import type { AppId } from '../model/id.ts';

declare const kind: unique symbol;
/** `landfall/check`, `landfall/plan`, `landfall/<namespace>/<app>` or `landfall/<namespace>/<app>/<stage>`. */
export type Context = string & { readonly [kind]: 'context' };

/** The commit's manifests, whatever becomes of them. */
export const checkContext: Context = contextOf('landfall/check');

/** What a pull request would do, told of its head. It may become the head of the branch, and then says nothing more. */
export const planContext: Context = contextOf('landfall/plan');

/** The stages of an App that follow the branch head. */
export const appContext = (app: AppId): Context => contextOf(`landfall/${app}`);

/** A pinned stage of an App. */
export const stageContext = (app: AppId, stage: string): Context => contextOf(`landfall/${app}/${stage}`);

export const isStageContext = (context: Context): boolean => context.split('/').length > 3;

/** The App that a status is about, as `<namespace>/<name>`. Shape: undefined for what is said of the whole commit. */
export function appOfContext(context: Context): string | undefined {
  const [, namespace, name] = context.split('/');
  return namespace === undefined || name === undefined ? undefined : `${namespace}/${name}`;
}

/** A name that was written out before. */
export function contextOf(text: string): Context {
  return text as Context;
}
