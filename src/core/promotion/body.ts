/** The body of a promotion's pull request: what moves, why it may, which commits come along, what changes where. */
import type { CommitSha } from '../model/id.ts';
import { cellCode, code, codeWithin } from '../model/markdown.ts';
import { commitsBack } from './decide.ts';
import { type Subject, shortSha } from './subject.ts';
import { formatTrailer, type Trailer } from './trailer.ts';

/** One condition and what is known of it. */
export type GateLine = {
  readonly name: string;
  readonly state: 'passed' | 'waiting' | 'failed' | 'bypassed';
  readonly evidence: string;
};

export type IncludedCommit = { readonly commit: CommitSha; readonly subject: string; readonly author: string };

/** One App on clusters on which the same changes, in Markdown: a line, and all of it. */
export type ShownPart = { readonly title: string; readonly markdown: string };

export type Story = {
  readonly subject: Subject;
  /** What is copied where, of a stage without a pin. */
  readonly copy?:
    | {
        readonly from: string;
        readonly to: string;
        readonly fields: readonly { readonly file: string; readonly field: string }[];
        /** That change. */
        readonly files: readonly string[];
      }
    | undefined;
  readonly trailer: Trailer;
  /** Why it goes back; undefined on the way forward. */
  readonly failure: string | undefined;
  readonly gates: readonly GateLine[];
  /** Newest first; undefined when the history between the two is not to be had. */
  readonly commits: readonly IncludedCommit[] | undefined;
  readonly changes: readonly ShownPart[];
  /** Clusters of the stage of which nothing can be said, and why. */
  readonly unknown: readonly { readonly cluster: string; readonly reason: string }[];
  readonly merge: 'Manual' | 'Automatic';
  /** Where the dashboard shows how all stages go forward. */
  readonly page?: string | undefined;
};

const commitsMax = 40;
const clustersMax = 30;

/**
 * Writes the body.
 *
 * Shape: at most `max` characters; what does not fit is cut from the end of the changes, then of the commits. Gates and the
 *   trailer are always whole. Equal stories give equal bodies, so that nothing is edited for nothing.
 */
export function bodyOf(story: Story, max: number): string {
  const trailer = formatTrailer(story.trailer);
  const head = [summaryOf(story), ...gateTable(story.gates)];
  const tail = ['', '---', '', howItEnds(story), '', trailer];
  const room = max - textOf(head).length - textOf(tail).length - 2;
  const commits = commitLines(story, Math.floor(room / 3));
  const changes = fittedChanges(story, room - textOf(commits).length - 1);
  return `${textOf([...head, ...commits, ...changes, ...tail])}\n`;
}

const textOf = (lines: readonly string[]): string => lines.join('\n');

function summaryOf(story: Story): string {
  const { subject, copy, trailer, failure } = story;
  const { placement, stage } = subject;
  const { kind, from, to, replaced } = trailer;
  if (copy !== undefined) return copySummary(story, copy);
  const place = `stage **${stage}** of Placement ${code(placement)}`;
  const before = from === undefined ? 'nothing' : `\`${shortSha(from)}\``;
  const instead = replaced.length === 0 ? '' : ` It takes the place of ${replaced.map(shown).join(', ')}.`;
  if (kind === 'promote') return `Moves ${place} from ${before} to \`${shortSha(to)}\`.${instead}`;
  return `Moves ${place} back from ${before} to \`${shortSha(to)}\`, which was good there.\n\nIt failed: ${code(failure ?? '')}. ${before} is marked as quarantined: it is not promoted again until a person takes the mark out of the Pin.`;
}

/** What changes line by line is shown by the forge, beside this text. */
function copySummary({ subject, trailer, failure }: Story, copy: NonNullable<Story['copy']>): string {
  const { kind, from, to, replaced } = trailer;
  const place = `stage **${subject.stage}** of Placement ${code(subject.placement)}`;
  const instead = replaced.length === 0 ? '' : ` It takes the place of ${replaced.map(shown).join(', ')}.`;
  const fields = copy.fields.slice(0, namesMax).map(({ file, field }) => `${code(field)} of ${code(file)}`);
  const files = copy.files.slice(0, namesMax).map((file) => code(file));
  const what = [
    ...(fields.length === 0 ? [] : [`Copied: ${fields.join(', ')}${moreThan(copy.fields.length)}.`]),
    `Changed: ${files.join(', ')}${moreThan(copy.files.length)}. Nothing else in them is touched.`,
  ].join('\n');
  if (kind === 'promote')
    return `Copies from ${code(copy.from)} at ${shown(to)} into ${code(copy.to)}, for ${place}.${instead}\n\n${what}`;
  const mark =
    from === undefined
      ? ` None of the last ${commitsBack} commits holds what is taken back, so nothing is marked as quarantined.`
      : ` ${shown(from)} is marked as quarantined: it is not copied again until a person takes the mark out of the Placement.`;
  return `Sets ${code(copy.to)} back to what it held at ${shown(to)}, which was good there, for ${place}.\n\nIt failed: ${code(failure ?? '')}.${mark}\n\n${what}`;
}

const namesMax = 30;
const moreThan = (count: number): string => (count > namesMax ? ` and ${count - namesMax} more` : '');

const shown = (commit: CommitSha): string => `\`${shortSha(commit)}\``;

const marks: Readonly<Record<GateLine['state'], string>> = {
  passed: '✅ passed',
  waiting: '⏳ waits',
  failed: '❌ failed',
  bypassed: '⚠️ BYPASSED',
};

function gateTable(gates: readonly GateLine[]): readonly string[] {
  if (gates.length === 0) return [];
  const rows = gates.map(
    ({ name, state, evidence }) => `| ${cellCode(name)} | ${marks[state]} | ${cellCode(evidence)} |`,
  );
  return ['', '| Gate | State | Evidence |', '| --- | --- | --- |', ...rows];
}

/** As many as there is room for. */
function commitLines({ commits, trailer }: Story, room: number): readonly string[] {
  if (trailer.kind === 'revert' || commits?.length === 0) return [];
  const head = ['', '### Commits', ''];
  if (commits === undefined) return [...head, 'The history between the two revisions is not to be had here.'];
  const all = commits.slice(0, commitsMax).map(({ commit, subject, author }) => {
    const by = author === '' ? '' : ` (${codeWithin(author, 60)})`;
    return `- \`${shortSha(commit)}\` ${codeWithin(subject, 120)}${by}`;
  });
  for (let shownCount = all.length; shownCount > 0; shownCount -= 1) {
    const rest = commits.length - shownCount;
    const lines = [...head, ...all.slice(0, shownCount), ...(rest === 0 ? [] : [`- … and ${rest} more`])];
    if (textOf(lines).length <= room) return lines;
  }
  return [...head, `${commits.length} of them.`];
}

/** Parts that fit whole; of all others the one line, as long as there is room for it. */
function fittedChanges({ changes, unknown, subject }: Story, room: number): readonly string[] {
  const kept: string[] = ['', '### What changes', ''];
  const parts = [...changes, ...unsaid(unknown)];
  if (parts.length === 0) kept.push(`Nothing changes on the clusters of ${code(subject.stage)}.`, '');
  for (const [index, { title, markdown }] of parts.entries()) {
    const left = room - textOf(kept).length - restLine(parts.length).length - 4;
    const shown = [markdown, title].find((text) => text.length <= left);
    if (shown === undefined) return [...kept, restLine(parts.length - index)];
    kept.push(shown, '');
  }
  return kept.slice(0, -1);
}

const restLine = (count: number): string =>
  `… and ${count} more ${count === 1 ? 'part' : 'parts'} for which there is no room; \`landfall plan\` shows all.`;

function unsaid(unknown: Story['unknown']): readonly ShownPart[] {
  return [...Map.groupBy(unknown, ({ reason }) => reason)].map(([reason, group]) => {
    const title = `Not known on ${placesOf(group.map(({ cluster }) => cluster))}: ${code(reason)}`;
    return { title, markdown: title };
  });
}

function placesOf(clusters: readonly string[]): string {
  const names = clusters.slice(0, clustersMax).map((cluster) => code(cluster));
  const more = clusters.length > clustersMax ? ` and ${clusters.length - clustersMax} more` : '';
  return `${names.join(', ')}${more}`;
}

function howItEnds({ merge, trailer, page }: Story): string {
  const others = page === undefined ? '' : ` [All promotions](<${page}>)`;
  const lock = 'It is kept up to date: when the plan changes, so does this text';
  if (merge === 'Manual' || trailer.isChosen)
    return `Merge it, and the stage follows; close it, and this revision is not proposed again. ${lock}.${others}`;
  return `Landfall merges it by itself when all gates have passed, and only while the plan is the one shown. ${lock}.${others}`;
}
