/** The clusters: the table that everybody knows, host and members apart; and one of them alone. */
import { type LabelSelector, selects } from '../../core/model/selector.ts';
import type { CellAnswer } from '../../server/api/cell-answer.ts';
import { isWell } from '../../server/api/cell-answer.ts';
import type { ClusterAnswer } from '../../server/api/cluster-answer.ts';
import { type Html, html, path } from '../html.ts';
import { empty, notice, type Page, section } from '../layout.ts';
import { appLink, badge, commitLink, counted, type Look, lookOf, none, numbered, when } from '../words.ts';
import { awayText } from './troubles.ts';

export type ClustersView = {
  readonly clusters: readonly ClusterAnswer[];
  readonly text: string;
  readonly labels: LabelSelector;
  readonly labelText: string;
  readonly isAwayOnly: boolean;
  readonly problem: string | undefined;
  readonly nowMs: number;
};

/** A page of them; more are found by narrowing. */
const shownMax = 250;

export function clustersPage(view: ClustersView): Page {
  const { clusters, problem } = view;
  const away = clusters.filter(({ contact }) => contact === 'lost' || contact === 'refused').length;
  const text = view.text.trim().toLowerCase();
  const found = clusters.filter(
    (cluster) =>
      cluster.name.toLowerCase().includes(text) &&
      selects(view.labels, cluster.labels) &&
      (!view.isAwayOnly || !cluster.reachable),
  );
  const byRole = (role: ClusterAnswer['role']): readonly ClusterAnswer[] => found.filter((each) => each.role === role);
  const [hosts, members] = [byRole('host'), byRole('member')];
  const body = html`<div class="head"><h1>Clusters</h1>
<p class="about">${counted(clusters.length, 'cluster')} in Git${away === 0 ? ', and all that were asked answer.' : html`; <strong class="bad">${counted(away, 'cluster')} cannot be worked on.</strong>`}</p></div>
${clusters.length === 0 ? noClusters : filter(view)}
${problem === undefined ? '' : notice('warn', problem)}
${hosts.length === 0 ? '' : section('Host', table(hosts, view.nowMs), 'Where Landfall itself runs.')}
${members.length === 0 ? '' : section(hosts.length === 0 ? 'Members' : 'Members', table(members.slice(0, shownMax), view.nowMs))}
${members.length <= shownMax ? '' : notice('info', html`${counted(members.length - shownMax, 'more cluster')}: narrow it by a name or by labels.`)}
${clusters.length > 0 && found.length === 0 ? empty('Nothing fits', html`No cluster is what was asked for. <a href="/clusters">Show all</a>.`) : ''}`;
  return { title: 'Clusters', section: 'clusters', body, topics: ['clusters', 'cells'] };
}

const noClusters = empty(
  'No clusters',
  html`Commit a manifest of kind <code>Cluster</code>, or let <code>landfall cluster join</code> write one.`,
);

const filter = ({
  text,
  labelText,
  isAwayOnly,
}: ClustersView): Html => html`<form class="filter" method="get" action="/clusters" role="search" data-live-form>
<label>Find <input type="search" name="q" value="${text}" placeholder="name" autocomplete="off" spellcheck="false"></label>
<label>Labels <input type="text" name="label" value="${labelText}" placeholder="tier=production" autocomplete="off" spellcheck="false"></label>
<label>Show <select name="show"><option value="">all</option><option value="away"${isAwayOnly ? html` selected` : ''}>what does not answer</option></select></label>
<button>Show</button>
</form>`;

const table = (clusters: readonly ClusterAnswer[], nowMs: number): Html => html`<div class="scroll">
<table class="list">
<thead><tr><th scope="col">Name</th><th scope="col">Reachable</th><th scope="col">Lifecycle</th><th scope="col">Version</th><th scope="col" class="number">Nodes</th><th scope="col" class="number">Cells well</th><th scope="col">Last seen</th><th scope="col">Labels</th></tr></thead>
<tbody>${clusters.map((cluster) => row(cluster, nowMs))}</tbody>
</table>
</div>`;

function row(cluster: ClusterAnswer, nowMs: number): Html {
  const { name, version, lifecycle, suspended, cells, seenAt, labels, reason } = cluster;
  return html`<tr>
<th scope="row"><a href="${path('clusters', name)}">${name}</a></th>
<td data-label="Reachable">${badge(contactLook(cluster))}${reason === undefined ? '' : html`<p class="why">${reason}</p>`}</td>
<td data-label="Lifecycle">${lifecycle}${suspended ? html` <span class="tag">suspended</span>` : ''}</td>
<td data-label="Version">${version ?? none}</td>
<td data-label="Nodes" class="number">${nodesOf(cluster)}</td>
<td data-label="Cells well" class="number">${cells.total === 0 ? none : `${numbered(cells.well)}/${numbered(cells.total)}`}</td>
<td data-label="Last seen">${cluster.reachable ? 'now' : when(seenAt, nowMs)}</td>
<td data-label="Labels" class="labels">${labelsOf(labels)}</td>
</tr>
`;
}

/** A dash says why it is one to whoever rests on it, and to whoever hears the page. */
function nodesOf({ nodes, nodesReason }: ClusterAnswer): Html | string {
  if (nodes !== null) return numbered(nodes);
  if (nodesReason === undefined) return none;
  return html`<span class="none" title="${nodesReason}">–<span class="unseen"> ${nodesReason}</span></span>`;
}

const labelsOf = (labels: ClusterAnswer['labels']): readonly Html[] =>
  Object.entries(labels).map(([key, value]) => {
    const href = `/clusters?${new URLSearchParams({ label: `${key}=${value}` })}`;
    return html`<a class="tag" href="${href}">${key}${value === '' ? '' : html`=<b>${value}</b>`}</a> `;
  });

const contactLooks: Readonly<Record<ClusterAnswer['contact'], Look>> = {
  connecting: { mark: '◐', word: 'connecting', tone: 'busy' },
  ready: { mark: '●', word: 'yes', tone: 'good' },
  lost: { mark: '✗', word: 'no answer', tone: 'bad' },
  refused: { mark: '■', word: 'refused', tone: 'bad' },
  retired: { mark: '○', word: 'retired', tone: 'mute' },
};
const contactLook = ({ contact }: ClusterAnswer): Look => contactLooks[contact];

export function clusterPage(
  cluster: ClusterAnswer,
  cells: readonly CellAnswer[],
  repository: string | null,
  nowMs: number,
): Page {
  const { name, version, lifecycle, suspended, labels, role } = cluster;
  const isAway = cluster.contact === 'lost' || cluster.contact === 'refused';
  const ill = cells.filter((cell) => !isWell(cell)).length;
  const body = html`<p class="crumbs"><a href="/clusters">Clusters</a></p>
<div class="head"><h1>${name}</h1><p>${badge(contactLook(cluster), isAway || cluster.contact !== 'ready' ? undefined : 'reachable')} <span class="tag">${role}</span>${suspended ? html` <span class="tag">suspended: nothing is written</span>` : ''}</p></div>
${isAway ? notice('bad', awayText(cluster, nowMs)) : ''}
<dl class="facts">
<div><dt>Version</dt><dd>${version ?? none}</dd></div>
<div><dt>Nodes</dt><dd>${nodesOf(cluster)}</dd></div>
<div><dt>Lifecycle</dt><dd>${lifecycle}</dd></div>
<div><dt>Last seen</dt><dd>${cluster.reachable ? 'now' : when(cluster.seenAt, nowMs)}</dd></div>
<div class="wide"><dt>Labels</dt><dd class="labels">${Object.keys(labels).length === 0 ? none : labelsOf(labels)}</dd></div>
</dl>
${section(
  'Apps',
  cells.length === 0
    ? empty('No App is placed here', html`A <code>Placement</code> whose stage selects ${name} brings one.`)
    : html`<div class="scroll"><table class="list"><thead><tr><th scope="col">App</th><th scope="col">State</th><th scope="col">Health</th><th scope="col">Stage</th><th scope="col">Commit</th><th scope="col" class="number">Objects</th></tr></thead><tbody>${cells.map((cell) => cellRow(cell, repository))}</tbody></table></div>`,
  ill === 0 ? '' : `${counted(ill, 'App')} not well.`,
)}`;
  return { title: name, section: 'clusters', body, topics: ['clusters', 'cells'] };
}

const cellRow = (cell: CellAnswer, repository: string | null): Html => html`<tr>
<th scope="row">${appLink(cell.app)}</th>
<td data-label="State">${badge(lookOf(cell))}${cell.message === undefined ? '' : html`<p class="why">${cell.message}</p>`}</td>
<td data-label="Health">${cell.health}</td>
<td data-label="Stage">${cell.stage ?? none}</td>
<td data-label="Commit">${commitLink(repository, cell.commit)}</td>
<td data-label="Objects" class="number">${numbered(cell.objects.live)}/${numbered(cell.objects.desired)}</td>
</tr>
`;
