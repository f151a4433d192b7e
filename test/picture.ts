/**
 * Draws what a command printed on a terminal as an SVG. The one of the demo:
 *
 * script -qec 'stty cols 100; npm run --silent demo -- --once' /tmp/demo.txt
 * npm run picture -- /tmp/demo.txt examples/quickstart/demo.svg
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { widthOf } from '../src/cli/output/text.ts';

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) throw new Error('usage: picture.ts <captured output> <picture.svg>');

const cell = { width: 8.4, height: 19 };
const fontSize = 14;
const margin = 20;
const bar = 34;

const colours = {
  ground: '#0d1117',
  text: '#d7dde4',
  dim: '#7d8790',
  red: '#ff7b72',
  green: '#56d364',
  yellow: '#e3b341',
  blue: '#79c0ff',
  magenta: '#d2a8ff',
  cyan: '#76e3ea',
} as const;

type Pen = { readonly fill: string; readonly isBold: boolean };
type Run = Pen & { readonly text: string; readonly column: number };

const plain: Pen = { fill: colours.text, isBold: false };

/** Source: ECMA-48, Select Graphic Rendition; as much of it as `styleText` writes. */
function penAfter(pen: Pen, code: number): Pen {
  const names = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;
  const name = names[code - 31];
  if (name !== undefined) return { ...pen, fill: colours[name] };
  if (code === 1) return { ...pen, isBold: true };
  if (code === 2) return { ...pen, fill: colours.dim };
  if (code === 22) return { fill: pen.fill === colours.dim ? colours.text : pen.fill, isBold: false };
  if (code === 39) return { ...pen, fill: colours.text };
  return code === 0 ? plain : pen;
}

/** Shape: the runs of one line; spaces are left out, since each run says where it stands. */
function runsOf(line: string): readonly Run[] {
  const runs: Run[] = [];
  let pen = plain;
  let column = 0;
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    const codes = /^\u001b\[([0-9;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) {
      for (const code of codes.split(';')) pen = penAfter(pen, Number(code));
      continue;
    }
    // Two spaces part columns: what follows must stand where it stands, whatever the font.
    for (const text of part.split(/( {2,})/)) {
      if (text.trim() !== '') runs.push({ ...pen, text, column });
      column += widthOf(text);
    }
  }
  return runs;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function drawRun({ text, column, fill, isBold }: Run, y: number): string {
  const x = (margin + column * cell.width).toFixed(1);
  const weight = isBold ? ' font-weight="700"' : '';
  const width = (widthOf(text) * cell.width).toFixed(1);
  return `<text x="${x}" y="${y}" fill="${fill}"${weight} textLength="${width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escaped(text)}</text>`;
}

function draw(output: string): string {
  const lines = output.replaceAll('\r', '').trimEnd().split('\n');
  const columns = Math.max(...lines.map((line) => widthOf(stripVTControlCharacters(line))));
  const width = Math.ceil(2 * margin + columns * cell.width);
  const height = bar + lines.length * cell.height + margin;
  const buttons = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, index) => `<circle cx="${margin + index * 18}" cy="18" r="5.5" fill="${fill}"/>`,
  );
  const texts = lines.flatMap((line, index) =>
    runsOf(line).map((run) => drawRun(run, bar + index * cell.height + fontSize)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${fontSize}">`,
    `<rect width="${width}" height="${height}" rx="10" fill="${colours.ground}"/>`,
    ...buttons,
    ...texts,
    '</svg>\n',
  ].join('\n');
}

writeFileSync(to, draw(readFileSync(from, 'utf8')));
