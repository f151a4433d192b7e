/** A commit's content, read strictly: what signs or names it must mean one thing only. */
import { FaultError } from '../../../core/model/fault.ts';
import { isOid } from './object.ts';

export type Commit = {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: string;
  /** E-mails of the author, and of those that the message names as authors beside; in lower case, empty where there is none. */
  readonly authorEmails: readonly string[];
  readonly committerEmail: string;
  readonly committedAtMs: number;
  readonly subject: string;
};

const subjectMax = 200;

/** Source: gitformat; `fsck` demands the same order. Errors: `invalid`. */
export function parseCommit(oid: string, bytes: Buffer): Commit {
  const text = bytes.toString('utf8');
  const headEnd = text.indexOf('\n\n');
  const lines = (headEnd < 0 ? text : text.slice(0, headEnd)).split('\n');
  const refuse = (what: string): never => {
    throw new FaultError({ kind: 'invalid', detail: `commit ${oid} ${what}` });
  };
  let at = 0;
  const take = (field: string): string | undefined => {
    const line = lines[at];
    if (line === undefined || !line.startsWith(`${field} `)) return undefined;
    at++;
    return line.slice(field.length + 1);
  };

  const tree = take('tree') ?? '';
  if (!isOid(tree)) refuse('names no tree');
  const parents: string[] = [];
  for (let parent = take('parent'); parent !== undefined; parent = take('parent')) {
    if (!isOid(parent)) refuse('names no proper parent');
    parents.push(parent);
  }
  const author = take('author');
  const committer = take('committer');
  if (author === undefined || committer === undefined) return refuse('has no author or no committer');
  const message = headEnd < 0 ? '' : text.slice(headEnd + 2);
  return {
    tree,
    parents,
    author: plain(author.replace(/ *<.*$/, '')),
    authorEmails: [emailOf(author), ...coAuthors(message)],
    committerEmail: emailOf(committer),
    committedAtMs: Number(/> ([0-9]{1,12}) [+-][0-9]{4}$/.exec(committer)?.[1] ?? 0) * 1000,
    subject: plain(message.trimStart().split(/\n\s*\n/, 1)[0] ?? ''),
  };
}

const emailOf = (person: string): string => (/<([^<>]*)>/.exec(person)?.[1] ?? '').trim().toLowerCase();

/** Forges write them when they make one commit of several. */
const coAuthors = (message: string): readonly string[] =>
  [...message.matchAll(/^co-authored-by:.*$/gim)].map(([line]) => emailOf(line));

/** One line without control characters, for people. */
function plain(text: string): string {
  return text
    .replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
    .slice(0, subjectMax);
}
