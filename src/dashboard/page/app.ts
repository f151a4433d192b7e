/** One App: its stages in order with their evidence, its objects, and who else changes them. */
import type {
  AppAnswer,
  DriftAnswer,
  ObjectAnswer,
  StageAnswer,
  StageCellAnswer,
} from '../../server/api/app-answer.ts';
import type { CellAnswer } from '../../server/api/cell-answer.ts';
import { isWell } from '../../server/api/cell-answer.ts';
import { type Html, html, path } from '../html.ts';
import { empty, notice, type Page, section } from '../layout.ts';
import { appPath, badge, commitLink, counted, durationText, few, lookOf, none, numbered, when } from '../words.ts';
import { gateList, pinNotes, progress, stageBadge } from './stage-parts.ts';

export type AppView = {
  readonly app: AppAnswer;
  /** Objects on this cluster alone. */
  readonly cluster: string | undefined;
  readonly nowMs: number;
};

export function appPage({ app, cluster, nowMs }: AppView): Page {
  const { repository, source, placement, suspended, stages, leaving, errors, objects, drift } = app;
  const body = html`<p class="crumbs"><a href="/">Fleet</a></p>
<div class="head"><h1>${app.app}</h1>
<p class="about">${source === null ? 'Its manifest is gone.' : html`declared in <code>${source.path}:${source.line}</code>`}${repository === null ? '' : html` of <a href="${path('commits', repository)}">${repository}</a>`}${placement === null ? '' : html`, placed by <code>${placement}</code>`}${suspended ? html` <span class="tag">suspended</span>` : ''}</p></div>
${errors.map(({ path: file, line, column, message, hint }) => notice('bad', html`<code>${file}:${line}:${column}</code> ${message}${hint === undefined ? '' : html`<p class="hint">${hint}</p>`}`))}
${stages.length === 0 ? noStages(placement) : html`<ol class="stages">${stages.map((stage) => stageOf(stage, app, nowMs))}</ol>`}
${leaving.length === 0 ? '' : section('Leaving', leavingTable(leaving), 'Clusters that are to hold it no more, and still do.')}
${drift.length === 0 ? '' : section('Changed by others', driftTable(drift, nowMs), 'What was put back, and what is left alone since it is changed back again and again.')}
${section(cluster === undefined ? 'Objects' : `Objects on ${cluster}`, objectTable(objects), cluster === undefined ? '' : html`<a href="${appPath(app.app)}">On all clusters</a>`)}`;
  return { title: app.app, section: 'fleet', body, topics: [`app:${app.app}`, 'clusters'] };
}

const noStages = (placement: string | null): Html =>
  placement === null
    ? empty('It is placed nowhere', html`No <code>Placement</code> names this App.`)
    : empty('It has no clusters', 'No stage of its Placement selects a cluster.');

/** Rows of a wave that a person reads; the others are folded. */
const rowsMax = 25;

function stageOf(stage: StageAnswer, app: AppAnswer, nowMs: number): Html {
  const cells = stage.waves.flatMap((wave) => wave.cells);
  const policy = [
    stage.soakMs === 0 ? undefined : `soaks ${durationText(stage.soakMs)}`,
    `at most ${stage.maxUnavailable} unavailable`,
    `stops after ${counted(stage.maxFailures + 1, 'failure')}`,
    `${durationText(stage.progressDeadlineMs)} to become healthy`,
  ].filter((each) => each !== undefined);
  return html`<li class="stage ${stage.state}">
<header><h2>${stage.name}</h2>${stageBadge(stage.state)}${progress(cells.filter(isWell).length, cells.length)}</header>
<p class="about">${revisionOf(stage, app.repository)}</p><p class="policy">${policy.join(' · ')}</p>
${stage.reason === undefined ? '' : html`<p class="reason">${stage.reason}</p>`}
${stage.pin === null ? '' : pinNotes(stage.pin, { repository: app.repository, nowMs })}${gateList(stage, { repository: app.repository, nowMs })}
${cells.length === 0 ? html`<p class="about">No cluster is in this stage.</p>` : ''}
${stage.waves.map(({ value, cells: wave }, at) => html`${stage.waves.length === 1 && value === undefined ? '' : html`<h3>Wave ${at + 1}${value === undefined ? '' : html`: ${stage.topologyKey ?? ''}=<b>${value}</b>`}</h3>`}${waveTable(wave, app, stage, nowMs)}`)}
</li>`;
}

function revisionOf({ revision, pin }: StageAnswer, repository: string | null): Html {
  if (revision === 'Head') return html`Follows the branch.`;
  if (pin === null) return html`Waits for a pin: nothing runs here until one names a commit.`;
  return html`Pinned to ${commitLink(repository, pin.revision)} by <code>${pin.path}</code>.`;
}

function waveTable(cells: readonly StageCellAnswer[], app: AppAnswer, stage: StageAnswer, nowMs: number): Html {
  const isFolded = cells.length > rowsMax;
  const worst = cells.filter((cell) => !isWell(cell));
  const shown = isFolded ? worst.slice(0, rowsMax) : cells;
  const rest = isFolded ? cells.filter((cell) => !shown.includes(cell)) : [];
  return html`${
    shown.length === 0
      ? ''
      : html`<div class="scroll"><table class="list cells">
<thead><tr><th scope="col">Cluster</th><th scope="col">State</th><th scope="col">Health</th><th scope="col">Runs</th><th scope="col">Applied</th><th scope="col">Healthy since</th><th scope="col" class="number">Objects</th></tr></thead>
<tbody>${shown.map((cell) => cellRow(cell, app, stage, nowMs))}</tbody></table></div>`
  }
${
  rest.length === 0
    ? ''
    : html`<p class="about">${worst.length > shown.length ? `${counted(worst.length - shown.length, 'more cluster')} not well, ` : ''}${counted(cells.length - worst.length, 'cluster')} synced and healthy: ${few(
        rest.map(({ cluster }) => cluster),
        6,
      )}.</p>`
}`;
}

function cellRow(cell: StageCellAnswer, app: AppAnswer, stage: StageAnswer, nowMs: number): Html {
  const { cluster, holds, wants, waits, message, acknowledge } = cell;
  const why = waits ?? message;
  return html`<tr id="${cluster}">
<th scope="row"><a href="${appPath(app.app)}?cluster=${encodeURIComponent(cluster)}#objects">${cluster}</a></th>
<td data-label="State">${badge(lookOf(cell))}${why === undefined ? '' : html`<p class="why">${why}</p>`}${acknowledge === undefined ? '' : html`<p class="why">waits for an Acknowledgement of <code>${acknowledge}</code></p>`}</td>
<td data-label="Health">${cell.health}</td>
<td data-label="Runs">${holds === null ? none : commitLink(app.repository, holds)}${holds === wants || cell.state === 'Synced' ? '' : html`<p class="why">to be ${commitLink(app.repository, wants)}</p>`}</td>
<td data-label="Applied">${cell.appliedAt === null ? none : when(cell.appliedAt, nowMs)}</td>
<td data-label="Healthy since">${cell.healthySince === null ? none : when(cell.healthySince, nowMs)}${soaking(cell, stage, nowMs)}</td>
<td data-label="Objects" class="number">${numbered(cell.objects.live)}/${numbered(cell.objects.desired)}</td>
</tr>
`;
}

function soaking({ soakedAt }: StageCellAnswer, { soakMs }: StageAnswer, nowMs: number): Html | '' {
  if (soakedAt === null || soakMs === 0 || Date.parse(soakedAt) <= nowMs) return '';
  return html`<p class="why">soaks until ${when(soakedAt, nowMs)}</p>`;
}

const leavingTable = (cells: readonly CellAnswer[]): Html =>
  html`<div class="scroll"><table class="list"><thead><tr><th scope="col">Cluster</th><th scope="col">State</th></tr></thead><tbody>${cells.map(
    (cell) =>
      html`<tr><th scope="row"><a href="${path('clusters', cell.cluster)}">${cell.cluster}</a></th><td>${badge(lookOf(cell))}<p class="why">${cell.message ?? ''}</p></td></tr>`,
  )}</tbody></table></div>`;

const driftTable = (drift: readonly DriftAnswer[], nowMs: number): Html =>
  html`<div class="scroll"><table class="list"><thead><tr><th scope="col">Object</th><th scope="col">Cluster</th><th scope="col">Fields</th><th scope="col">By</th><th scope="col">What was done</th></tr></thead><tbody>${drift.map(
    ({ kind, cluster, object, paths, by, at }) => html`<tr>
<th scope="row">${object.kind} ${nameOf(object)}</th><td data-label="Cluster"><a href="${path('clusters', cluster)}">${cluster}</a></td>
<td data-label="Fields">${paths.map((each) => html`<code class="block">${each}</code>`)}</td>
<td data-label="By">${by.length === 0 ? 'somebody who leaves no name' : by.join(', ')}</td>
<td data-label="Done"><span>${kind === 'healed' ? html`${badge({ mark: '●', word: 'put back', tone: 'good' })} at ${when(at, nowMs)}` : html`${badge({ mark: '▲', word: 'left alone', tone: 'odd' })} until ${when(at, nowMs)}`}</span></td></tr>`,
  )}</tbody></table></div>`;

function objectTable(objects: readonly ObjectAnswer[]): Html {
  if (objects.length === 0)
    return html`<div id="objects">${empty('No objects', 'No cluster is to hold anything of it now.')}</div>`;
  return html`<div class="scroll" id="objects"><table class="list"><thead><tr><th scope="col">Kind</th><th scope="col">Name</th><th scope="col">Health</th><th scope="col" class="number">Clusters</th></tr></thead><tbody>${objects.map(
    (
      object,
    ) => html`<tr><td data-label="Kind">${object.kind}<small class="group">${object.group}</small></td><th scope="row">${nameOf(object)}${object.leaving ? html` <span class="tag">leaving</span>` : ''}</th>
<td data-label="Health">${healthOf(object)}${object.ill.map(({ cluster, health, message }) => html`<p class="why"><a href="${path('clusters', cluster)}">${cluster}</a> ${health.toLowerCase()}${message === undefined ? '' : html`: ${message}`}</p>`)}</td><td class="number" data-label="Clusters">${numbered(object.clusters)}</td></tr>`,
  )}</tbody></table></div>`;
}

const nameOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  namespace === '' ? name : `${namespace}/${name}`;

const healthTones = {
  Healthy: { mark: '●', tone: 'good' },
  Suspended: { mark: '●', tone: 'good' },
  Progressing: { mark: '◐', tone: 'busy' },
  Unknown: { mark: '?', tone: 'mute' },
  Missing: { mark: '○', tone: 'warn' },
  Degraded: { mark: '✗', tone: 'bad' },
} as const;

function healthOf({ health, clusters }: ObjectAnswer): readonly Html[] {
  return Object.entries(healthTones).flatMap(([status, look]) => {
    const count = health[status] ?? 0;
    const word =
      clusters === 1 || count === clusters ? status.toLowerCase() : `${numbered(count)} ${status.toLowerCase()}`;
    return count === 0 ? [] : [badge({ ...look, word })];
  });
}
