/** What keeps Landfall from knowing, or doing, all there is: the first thing that a page says. */
import type { RepositoryAnswer } from '../../server/api/api.ts';
import type { ClusterAnswer } from '../../server/api/cluster-answer.ts';
import { type Html, html, path } from '../html.ts';
import { notice } from '../layout.ts';
import { counted, when } from '../words.ts';

const shownMax = 3;

export function troubles(
  repositories: readonly RepositoryAnswer[],
  clusters: readonly ClusterAnswer[],
  nowMs: number,
): readonly Html[] {
  const away = clusters.filter(({ contact }) => contact === 'lost' || contact === 'refused');
  return [...repositories.flatMap((each) => staleNotice(each, nowMs)), ...awayNotices(away, nowMs)];
}

function staleNotice({ name, trouble }: RepositoryAnswer, nowMs: number): readonly Html[] {
  if (trouble === undefined) return [];
  return [
    notice(
      'bad',
      html`Repository <strong>${name}</strong> cannot be read since ${when(trouble.since, nowMs)}: ${trouble.reason}`,
    ),
  ];
}

function awayNotices(away: readonly ClusterAnswer[], nowMs: number): readonly Html[] {
  const shown = away.slice(0, shownMax).map((cluster) => notice('bad', awayText(cluster, nowMs)));
  const rest = away.length - shown.length;
  if (rest === 0) return shown;
  return [
    ...shown,
    notice(
      'bad',
      html`${counted(rest, 'more cluster')} cannot be worked on. <a href="/clusters?show=away">See all</a>`,
    ),
  ];
}

/** `eu-1 has not answered since 12:04:10: reason`. */
export function awayText({ name, contact, since, reason }: ClusterAnswer, nowMs: number): Html {
  const link = html`<a href="${path('clusters', name)}"><strong>${name}</strong></a>`;
  if (contact === 'refused') return html`${link} does not let Landfall in: ${reason}`;
  return html`${link} has not answered since ${when(since ?? null, nowMs)}: ${reason}`;
}
