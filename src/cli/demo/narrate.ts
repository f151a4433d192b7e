/** How the demo is told: a line for each thing done, and one for each effect that was seen. */
import { paintFor } from '../output/paint.ts';
import { cut, padded } from '../output/text.ts';
import type { Terminal } from '../surroundings.ts';

export type Narrator = {
  readonly heading: (text: string) => void;
  /** Rows of a name and what there is to say about it. */
  readonly list: (rows: readonly (readonly [name: string, text: string])[]) => void;
  readonly step: (text: string) => void;
  /** Something that a person does, as it would be typed. */
  readonly act: (command: string, about?: string) => void;
  /** Something that happens to a cluster. */
  readonly event: (text: string) => void;
  /** What is waited for now; nobody should have to guess why nothing moves. */
  readonly wait: (text: string) => void;
  readonly seen: (text: string, elapsedMs: number) => void;
  readonly unseen: (text: string) => void;
  readonly text: (text: string) => void;
};

const widthMax = 100;
const indent = '   ';
const timeWidth = 8;

export function narratorOn(terminal: Terminal, stepCount: number): Narrator {
  const paint = paintFor(terminal);
  const width = (): number => Math.min(terminal.columns(), widthMax) - 1;
  const line = (text: string): void => terminal.write(`${text}\n`);
  let steps = 0;
  return {
    heading: (text) => line(paint('bold', text)),
    list: (rows) => {
      const names = Math.max(...rows.map(([name]) => name.length));
      for (const [name, text] of rows) line(`${indent}${paint('cyan', padded(name, names))}  ${text}`);
    },
    step: (text) => {
      steps += 1;
      const count = stepCount === 0 ? '' : paint('dim', `${steps}/${stepCount} `);
      line(`\n${count}${paint('bold', text)}`);
    },
    act: (command, about = '') => {
      // A command is never cut: it is there to be copied.
      const room = Math.max(0, width() - indent.length - command.length - 4);
      line(`${indent}${paint('dim', '$')} ${paint('cyan', command)}  ${room === 0 ? '' : cut(about, room)}`.trimEnd());
    },
    event: (text) => line(`${indent}${paint('yellow', '!')} ${text}`),
    wait: (text) => line(`${indent}${paint('yellow', '…')} ${paint('dim', cut(text, width() - indent.length - 2))}`),
    seen: (text, elapsedMs) => {
      const time = `${(elapsedMs / 1000).toFixed(1)} s`.padStart(timeWidth);
      const room = width() - indent.length - 2 - timeWidth;
      line(`${indent}${paint('green', '✓')} ${padded(cut(text, room), room)}${paint('dim', time)}`);
    },
    unseen: (text) => line(`${indent}${paint('red', '✗')} ${text}`),
    text: (text) => terminal.write(text),
  };
}
