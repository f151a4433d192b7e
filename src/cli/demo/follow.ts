/** What happens, as it happens: a line for each commit that arrives, and one for each cell that changes. */
import { isError } from '../../core/model/diagnostic.ts';
import type { CellStatus } from '../../engine/ledger.ts';
import { lookOf } from '../output/cells.ts';
import { paintFor } from '../output/paint.ts';
import { cut, oneLine } from '../output/text.ts';
import type { Surroundings, Terminal } from '../surroundings.ts';
import type { Scene } from './scene.ts';

/** Tells until the result is called. */
export function follow(scene: Scene, terminal: Terminal, { clock }: Surroundings): () => void {
  const { engine } = scene.controller;
  const paint = paintFor(terminal);
  // A commit's subject takes a moment to fetch; what it brings about is told after it.
  let telling = Promise.resolve();
  const tell = (textsOf: () => Promise<readonly string[]>): void => {
    const time = paint('dim', timeOf(clock.nowMs()));
    telling = telling.then(async () => {
      for (const text of await textsOf()) terminal.write(`${time} ${text}\n`);
    });
  };
  const line = (text: string): void => tell(async () => [text]);
  const room = (): number => Math.min(terminal.columns(), 120) - 10;
  let head = headOf(scene);
  let known = byCell(scene);
  const onHead = (commit: string): void => {
    const short = paint('yellow', commit.slice(0, 7));
    const errors = engine.revision?.compiled.diagnostics.filter(isError) ?? [];
    const problems = errors.map(({ origin, message }) => {
      const problem = cut(oneLine(`${origin.path}:${origin.line}: ${message}`), room() - 2);
      return `${paint('red', '✗')} ${problem}`;
    });
    tell(async () => {
      const subject = await scene.world.workingCopy.subjectOf(commit).catch(() => '');
      return [`${short} ${cut(oneLine(subject), room() - 8)}`, ...problems];
    });
  };
  return engine.listen(() => {
    const newHead = headOf(scene);
    if (newHead !== undefined && newHead !== head) onHead(newHead);
    head = newHead;
    const now = byCell(scene);
    for (const [cell, status] of now) {
      if (textOf(known.get(cell)) === textOf(status)) continue;
      const { mark, style } = lookOf(status);
      line(`${paint(style, mark)} ${cut(textOf(status), room() - 2)}`);
    }
    for (const [cell, { app, cluster }] of known)
      if (!now.has(cell)) line(`${paint('dim', '·')} ${app} on ${cluster} is gone`);
    known = now;
  });
}

const byCell = (scene: Scene): ReadonlyMap<string, CellStatus> => new Map(scene.cells.map((cell) => [cell.cell, cell]));

const headOf = ({ controller: { engine } }: Scene): string | undefined =>
  engine.revision?.world.sources[0]?.head.value.commit;

function textOf(status: CellStatus | undefined): string {
  if (status === undefined) return '';
  const { app, cluster, commit, message } = status;
  const about = message === undefined ? '' : `: ${oneLine(message)}`;
  return `${app} on ${cluster} ${lookOf(status).word} at ${commit.slice(0, 7)}${about}`;
}

const timeOf = (nowMs: number): string => new Date(nowMs).toTimeString().slice(0, 8);
