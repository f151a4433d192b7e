/** Which page of the dashboard is behind what is told of a commit. */
import { appOfContext, type Context } from '../../core/report/context.ts';
import type { Settings } from '../settings/settings.ts';

/** Shape: undefined where nobody has said how people reach the pages. */
export type PageOf = (commit: string, context: Context) => string | undefined;

/** What became of the commit: all of it, or of the App that the status is about. */
export function pagesOf(repository: string, { publicURL }: Pick<Settings, 'publicURL'>): PageOf {
  return (commit, context) => {
    if (publicURL === undefined) return undefined;
    const app = appOfContext(context);
    const only = app === undefined ? '' : `?${new URLSearchParams({ app })}`;
    return `${publicURL}/commits/${encodeURIComponent(repository)}/${commit}${only}`;
  };
}
