/** What would become of one App on clusters that would fare the same. */
import { count } from '../model/line.ts';
import { code, diffBlock, folded, html, type Markup } from '../model/markdown.ts';
import { changedLines, diffText } from './diff-lines.ts';
import { type Fold, foldCells, namesOf } from './fold.ts';
import type { FieldChange, PlannedAction, PlannedCell, Verb } from './planned.ts';
import { objectName, verbs, verbWords } from './words.ts';

export type AppPart = {
  readonly app: string;
  /** In plain words, without the App's name; the clusters are named when they are few. */
  readonly title: string;
  /** Markdown without HTML. */
  readonly body: string;
  /** Both, folded away behind the title: Markdown with HTML. */
  readonly markdown: string;
};

/** In one line. */
export const lineOfPart = ({ app, title }: AppPart): string => `${code(app)}: ${title}`;

/** All of it, as a forge shows it that takes HTML for HTML, or for letters. */
export const textOfPart = (part: AppPart, markup: Markup): string =>
  markup === 'html' ? part.markdown : `**${code(part.app)}**: ${part.title}\n\n${part.body}`;

/** What is shown of one part: so that two of them fit into a comment of any forge. Units: characters. */
const bodyLengthMax = 15_000;

/** Shape: the most clusters first, App by App; cells without actions are left out. */
export function appParts(cells: readonly PlannedCell[]): readonly AppPart[] {
  const telling = cells.filter(({ actions }) => actions.length > 0);
  const folds = foldCells(telling, ({ actions }) => actions.flatMap(actionLines));
  return [...Map.groupBy(folds, ({ app }) => app)].flatMap(([app, group]) => {
    const inTurn = group.toSorted((a, b) => b.clusters.length - a.clusters.length);
    const staying = inTurn.find(({ first }) => !first.isRemoval);
    return inTurn.map((fold): AppPart => {
      const isFirst = fold === staying;
      return {
        app,
        title: titleOf(fold, isFirst, code),
        body: bodyOf(fold),
        markdown: folded(`${html(app)}: ${titleOf(fold, isFirst, html)}`, bodyOf(fold)),
      };
    });
  });
}

/** Names of so many clusters stand in a title. */
const titleNames = 3;

function titleOf({ clusters, first }: Fold<PlannedCell>, isFirst: boolean, shown: (text: string) => string): string {
  const isFew = clusters.length <= titleNames;
  const where = isFew ? clusters.map(shown).join(', ') : count(clusters.length, 'cluster');
  const size = sizeOf(first.actions);
  if (first.isRemoval) return `leaves ${where}: ${size}`;
  if (!isFirst) return `${where} ${clusters.length === 1 ? 'differs' : 'differ'}: ${size}`;
  return clusters.length === 1 ? `${size} on ${where}` : `the same ${size} on ${count(clusters.length, 'cluster')}`;
}

/** `1 to create, 4-line diff`. */
export function sizeOf(actions: readonly PlannedAction[]): string {
  const lines = actions.flatMap(({ changes }) => changes).reduce((sum, change) => sum + changedLines(change), 0);
  const parts = verbs.flatMap((verb): readonly string[] => {
    const number = actions.filter((action) => action.verb === verb).length;
    if (number === 0) return [];
    return [verb === 'update' && lines > 0 ? `${lines}-line diff` : `${number} to ${verbWords[verb]}`];
  });
  return parts.join(', ');
}

function bodyOf({ clusters, first, body }: Fold<PlannedCell>): string {
  const where = `On ${namesOf(clusters.map(code), 40)}`;
  const wait = first.wait === undefined ? '' : `\n\nNot at once: ${code(first.wait)}`;
  let length = 0;
  const end = body.findIndex((line) => {
    length += Math.min(line.length, 500) + 1;
    return length > bodyLengthMax;
  });
  const rest = end === -1 ? [] : [`# … ${body.length - end} more lines`];
  return `${where}${wait}\n\n${diffBlock([...body.slice(0, end === -1 ? undefined : end), ...rest])}`;
}

const heads: Readonly<Record<Verb, (name: string) => string>> = {
  create: (name) => `+ ${name}`,
  update: (name) => `@@ ${name} @@`,
  delete: (name) => `- ${name}`,
  release: (name) => `# ${name} stays, and is let go`,
  keep: (name) => `# ${name} is kept`,
  refuse: (name) => `! ${name} is refused`,
};

function actionLines(action: PlannedAction): readonly string[] {
  const { verb, object, reason, changes } = action;
  const head = heads[verb](objectName(object));
  return [reason === undefined ? head : `${head} (${reason})`, ...changes.flatMap(changeLines)];
}

function changeLines(change: FieldChange): readonly string[] {
  const text = diffText(change);
  switch (text.kind) {
    case 'hidden':
      return [`! ${change.path}: another value (hidden)`];
    case 'short':
      return [
        ...(change.before.kind === 'absent' ? [] : [`- ${change.path}: ${text.before}`]),
        ...(change.after.kind === 'absent' ? [] : [`+ ${change.path}: ${text.after}`]),
      ];
    case 'lines':
      return [`  ${change.path}:`, ...text.lines.map(({ mark, text: line }) => `${mark}   ${line}`.trimEnd())];
  }
}
