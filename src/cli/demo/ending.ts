/** How the demo ends: for people, and for programs. */
import type { Json } from '../../core/json/value.ts';
import type { StatusState, Told } from '../../core/report/status.ts';
import { cellAnswer } from '../../server/api/cell-answer.ts';
import { printCells, printReasons } from '../output/cells.ts';
import { paintFor, type Style } from '../output/paint.ts';
import { cut, oneLine, padded } from '../output/text.ts';
import type { Terminal } from '../surroundings.ts';
import type { Ending, ToldCommit } from './story.ts';
import type { World } from './world.ts';

export function endingAnswer({ clusters }: World, { commits, cells }: Ending): Json {
  return {
    clusters: clusters.map(({ name, server }) => ({ name, server })),
    commits: commits.map(({ sha, subject, statuses }) => ({
      commit: sha,
      subject,
      statuses: [...statuses].map(([context, { state, text }]) => ({ context, state, text })),
    })),
    cells: cells.map(cellAnswer),
  };
}

export function printEnding({ commits, cells }: Ending, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const heading = `${paint('bold', 'What the commits say')}  ${paint('dim', 'git log --notes=landfall')}`;
  const said = commits.flatMap((commit) => commitLines(commit, terminal));
  const table = `${printCells(cells, terminal)}${printReasons(cells, terminal)}`;
  return `\n${heading}\n${said.map((line) => `${line}\n`).join('')}\n${table}`;
}

const styles: Readonly<Record<StatusState, Style>> = {
  success: 'green',
  pending: 'yellow',
  failure: 'red',
  error: 'magenta',
};
const stateWidth = 'success'.length;

function commitLines({ sha, subject, statuses }: ToldCommit, terminal: Terminal): readonly string[] {
  const paint = paintFor(terminal);
  const columns = Math.min(terminal.columns(), 100) - 1;
  const room = columns - 3 - stateWidth - 2;
  const told = newsOf(statuses).map(
    ({ state, text }) => `   ${paint(styles[state], padded(state, stateWidth))}  ${cut(oneLine(text), room)}`,
  );
  return [`${paint('yellow', sha.slice(0, 7))} ${cut(subject, columns - 8)}`, ...told];
}

/** Shape: contexts of which the same is said are told together; what a commit did not change is left out. */
function newsOf(statuses: ToldCommit['statuses']): readonly Told[] {
  const isNews = ([context, { state, text }]: readonly [string, Told]): boolean =>
    state !== 'success' || !(context === 'landfall/check' || text.endsWith('; no change'));
  const groups = Map.groupBy([...statuses].filter(isNews), ([, { state, text }]) => `${state} ${text}`);
  const news = [...groups.values()].flatMap((group): readonly Told[] => {
    const [first] = group;
    const names = group.map(([context]) => context.replace(/^landfall\//, ''));
    return first === undefined ? [] : [{ state: first[1].state, text: `${names.join(', ')}: ${first[1].text}` }];
  });
  if (news.length > 0 || statuses.size === 0) return news;
  return [{ state: 'success', text: 'no errors, and nothing to change' }];
}
