/** What a tool printed, as objects of the Kubernetes API. */
import { isKubeObject, type KubeObject } from '../../core/model/object.ts';
import type { SourceFile } from '../../core/model/source.ts';
import type { FileBytes, Parser } from '../../seam/parse.ts';

export type Output =
  | { readonly kind: 'objects'; readonly objects: readonly KubeObject[] }
  | { readonly kind: 'unreadable'; readonly message: string };

/** Documents that are read together; a chart with all its CRDs is larger than any file that a person writes. */
const pieceBytesMax = 512 * 1024;

export async function readOutput(bytes: Buffer, parser: Parser, signal: AbortSignal): Promise<Output> {
  const texts = piecesOf(bytes.toString('utf8'));
  const pieces = texts.map((text, index): FileBytes => ({ path: `output-${index}.yaml`, bytes: Buffer.from(text) }));
  const files = await parser.parse(pieces, signal);
  const objects: KubeObject[] = [];
  for (const [index, file] of files.entries()) {
    const [problem] = file.problems;
    if (problem !== undefined) {
      const message = `${sourceAt(texts[index] ?? '', problem.line)} cannot be read: ${problem.message}`;
      return { kind: 'unreadable', message };
    }
    const found = objectsIn(file);
    const odd = found.findIndex((value) => !isKubeObject(value));
    const place = file.documents[odd]?.marks[0] ?? 1;
    if (odd >= 0)
      return {
        kind: 'unreadable',
        message: `${sourceAt(texts[index] ?? '', place)} is no object with apiVersion, kind and metadata.name`,
      };
    objects.push(...found.filter((value) => isKubeObject(value)));
  }
  return { kind: 'objects', objects };
}

const objectsIn = ({ documents }: SourceFile) =>
  documents.map(({ value }) => value).filter((value) => Object.keys(value).length > 0);

/** Documents begin at `---` in the first column, and nowhere else can one stand there. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const document of text.split(/^(?=---(?:\s|$))/m)) {
    if (piece !== '' && piece.length + document.length > pieceBytesMax) {
      pieces.push(piece);
      piece = '';
    }
    piece += document;
  }
  if (piece.trim() !== '') pieces.push(piece);
  return pieces;
}

/** Helm says above each document which template it is from. */
function sourceAt(text: string, line: number): string {
  const lines = text.split('\n').slice(0, line + 1);
  const found = lines.findLast((each) => each.startsWith('# Source: '));
  return found === undefined ? `line ${line} of what it prints` : `what ${found.slice('# Source: '.length)} makes`;
}
