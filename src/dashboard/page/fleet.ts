/** The fleet at a glance: Apps by clusters, and what somebody should look at. */
import type { RepositoryAnswer } from '../../server/api/api.ts';
import type { ClusterAnswer } from '../../server/api/cluster-answer.ts';
import type { Column, Mark, MatrixAnswer, MatrixQuery, Row } from '../../server/api/matrix.ts';
import { type Html, html, path } from '../html.ts';
import { empty, notice, type Page } from '../layout.ts';
import { appLink, appPath, badge, counted, countedLooks, few, lookOf, markOf, numbered } from '../words.ts';
import { troubles } from './troubles.ts';

export type FleetView = {
  readonly matrix: MatrixAnswer;
  readonly clusters: readonly ClusterAnswer[];
  readonly repositories: readonly RepositoryAnswer[];
  readonly query: MatrixQuery;
  /** As it was typed. */
  readonly labelText: string;
  readonly problem: string | undefined;
  readonly nowMs: number;
};

export function fleetPage(view: FleetView): Page {
  const { matrix, clusters, repositories, problem, nowMs } = view;
  const { fleet } = matrix;
  const body = html`<div class="head">
<h1>Fleet</h1>
<p class="about">${counted(fleet.apps, 'App')} on ${counted(fleet.clusters, 'cluster')}:
<strong>${numbered(fleet.well)} of ${counted(fleet.cells, 'cell')}</strong> as Git wants them, and healthy.</p>
</div>
${troubles(repositories, clusters, nowMs)}
${fleet.cells === 0 ? nothing(view) : html`${filter(view)}${problem === undefined ? '' : notice('warn', problem)}${table(view)}`}`;
  return { title: 'Fleet', section: 'fleet', body, topics: ['cells', 'clusters', 'repositories'] };
}

function nothing({ repositories, clusters }: FleetView): Html {
  if (repositories.every(({ head }) => head === null))
    return empty(
      'Nothing has been read yet',
      'Landfall reads its repositories; this page fills when the first one is in.',
    );
  if (clusters.length === 0)
    return empty(
      'No clusters',
      html`Commit a manifest of kind <code>Cluster</code>, or let <code>landfall cluster join</code> write one.`,
    );
  return empty(
    'No Apps',
    html`Commit an <code>App</code>, and a <code>Placement</code> that says on which clusters it runs.`,
  );
}

function filter({ query, labelText, clusters, matrix }: FleetView): Html {
  const keys = [...new Set(clusters.flatMap(({ labels }) => Object.keys(labels)))].toSorted().slice(0, 200);
  return html`<form class="filter" method="get" action="/" role="search" data-live-form>
<label>Find <input type="search" name="q" value="${query.text}" placeholder="App or cluster" autocomplete="off" spellcheck="false"></label>
<label>Labels <input type="text" name="label" value="${labelText}" placeholder="tier=production" list="labels" autocomplete="off" spellcheck="false"></label>
<datalist id="labels">${keys.map((key) => html`<option value="${key}=">`)}</datalist>
<label>Columns <select name="group"><option value="">by cluster</option>${keys.map(
    (key) => html`<option value="${key}"${key === query.groupBy ? html` selected` : ''}>by ${key}</option>`,
  )}</select></label>
<label>Show <select name="show"><option value="">everything</option><option value="trouble"${query.isTroubleOnly ? html` selected` : ''}>what is not well</option></select></label>
<button>Show</button>
${isAsked(query) ? html`<a class="clear" href="/">Clear</a>` : ''}
</form>
${legend(matrix)}`;
}

const isAsked = ({ text, labels, groupBy, isTroubleOnly }: MatrixQuery): boolean =>
  text !== '' || labels.length > 0 || groupBy !== undefined || isTroubleOnly;

/** Only what is there; it is the key to the marks, too. */
function legend({ counts }: MatrixAnswer): Html {
  const present = countedLooks.filter(([key]) => (counts[key] ?? 0) > 0);
  return html`<ul class="legend" aria-label="States">${present.map(
    ([key, look]) => html`<li>${badge(look, `${numbered(counts[key] ?? 0)} ${look.word}`)}</li>`,
  )}</ul>`;
}

function table({ matrix, query }: FleetView): Html {
  const { columns, rows, hidden } = matrix;
  if (rows.length === 0)
    return query.isTroubleOnly
      ? empty('All is well', 'Nothing that was asked for needs a look.')
      : empty(
          'Nothing fits',
          html`No App and no cluster is both of what was asked for. <a href="/">Show everything</a>.`,
        );
  return html`<div class="scroll matrix-card" tabindex="0" role="region" aria-label="Apps by clusters">
<table class="matrix">
<thead><tr><th scope="col" class="corner">App</th>${columns.map((column) => heading(column, query))}<th scope="col" class="sum">well</th></tr></thead>
<tbody>${rows.map((row) => rowOf(row, columns))}</tbody>
</table>
</div>
${hidden.columns === 0 ? '' : notice('info', html`${counted(hidden.clusters, 'cluster')} in ${counted(hidden.columns, 'column')} are not shown: those with the most to look at are. Narrow it by a name or by labels, or make one column of each value of a label.`)}
${hidden.rows === 0 ? '' : notice('info', html`${counted(hidden.rows, 'App')} are not shown: those with the most to look at are. Narrow it by a name.`)}`;
}

function heading({ value, clusters, trouble }: Column, { groupBy }: MatrixQuery): Html {
  const [first = ''] = clusters;
  const others = clusters.length - 1;
  const mood = trouble === 0 ? '' : ' trouble';
  if (value !== undefined)
    return html`<th scope="col" class="column${mood}"><a href="${fleetPath({ label: value === '' ? `!${groupBy}` : `${groupBy}=${value}` })}" title="${few(clusters, 8)}">${value === '' ? '(none)' : value}</a><small>${numbered(clusters.length)}</small></th>`;
  return html`<th scope="col" class="column${mood}"><a href="${path('clusters', first)}"${others === 0 ? '' : html` title="${few(clusters, 8)}"`}>${first}</a>${
    others === 0 ? '' : html`<small title="${few(clusters, 8)}">+${numbered(others)} alike</small>`
  }</th>`;
}

function rowOf({ app, cells, well, marks }: Row, columns: readonly Column[]): Html {
  return html`<tr><th scope="row">${appLink(app)}</th>${marks.map((mark, at) => cellOf(app, mark, columns[at]))}<td class="sum${well < cells ? ' trouble' : ''}">${numbered(well)}/${numbered(cells)}</td></tr>
`;
}

function cellOf(app: string, mark: Mark | null, column: Column | undefined): Html {
  if (mark === null || column === undefined) return html`<td class="absent"></td>`;
  const { cells, well } = mark;
  const look = lookOf(mark);
  const [first = ''] = column.clusters;
  const where =
    column.value ?? (column.clusters.length === 1 ? first : `${first} and ${column.clusters.length - 1} alike`);
  const health = mark.health === 'Healthy' ? '' : `, ${mark.health.toLowerCase()}`;
  const share = column.value === undefined || well === cells ? '' : `${numbered(well)}/${numbered(cells)}`;
  const text = `${app} on ${where}: ${look.word}${health}${share === '' ? '' : `, ${share} well`}`;
  const ratio = share === '' ? '' : html`<small>${share}</small>`;
  if (look.tone === 'good')
    return html`<td title="${text}">${markOf(look)}<span class="unseen">${look.word}</span></td>`;
  return html`<td class="tint ${look.tone}"><a href="${appPath(app)}#${first}" title="${text}" aria-label="${text}">${markOf(look)}${ratio}</a></td>`;
}

const fleetPath = (parameters: Readonly<Record<string, string>>): string => `/?${new URLSearchParams(parameters)}`;
