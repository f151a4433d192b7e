/** The last lines of a pull request's body: what Landfall reads again, whoever wrote the rest. */
import { type CommitSha, commitSha, type Digest, digest } from '../model/id.ts';
import type { Route } from './subject.ts';

export type Trailer = Route & {
  readonly content: Digest;
  /** Of the plan that the body shows. */
  readonly plan: string;
  /** What the pull request was about before, newest first. */
  readonly replaced: readonly CommitSha[];
  /** A person chose this revision: it stays until it is merged or closed. */
  readonly isChosen: boolean;
  /** We closed it: nothing speaks against opening it again. */
  readonly isWithdrawn: boolean;
};

/** Lines of a Git trailer, so that a person can read them, too. */
export function formatTrailer(trailer: Trailer): string {
  const { kind, from, to, content, plan, replaced, isChosen, isWithdrawn } = trailer;
  const lines = [
    `Landfall-Kind: ${kind}`,
    ...(from === undefined ? [] : [`Landfall-From: ${from}`]),
    `Landfall-To: ${to}`,
    `Landfall-Content: ${content}`,
    `Landfall-Plan: ${plan}`,
    ...(replaced.length === 0 ? [] : [`Landfall-Replaced: ${replaced.join(' ')}`]),
    ...(isChosen ? ['Landfall-Chosen: by a person'] : []),
    ...(isWithdrawn ? ['Landfall-Withdrawn: nothing to promote any more'] : []),
  ];
  return lines.join('\n');
}

/** Reads the last lines only: whatever stands above may quote others. Shape: undefined when it is none of ours. */
export function parseTrailer(body: string): Trailer | undefined {
  const lines = body.replaceAll('\r\n', '\n').trimEnd().split('\n');
  const start = lines.findLastIndex((line) => !line.startsWith('Landfall-')) + 1;
  const fields = new Map(
    lines.slice(start).flatMap((line): readonly (readonly [string, string])[] => {
      const [, name, value] = /^Landfall-([A-Za-z]+): (.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value.trim()]];
    }),
  );
  const [kind, from, to] = [fields.get('Kind'), fields.get('From'), fields.get('To')];
  const [content, plan] = [fields.get('Content'), fields.get('Plan')];
  if (kind !== 'promote' && kind !== 'revert') return undefined;
  if (!isSha(to) || (from !== undefined && !isSha(from)) || content === undefined || plan === undefined)
    return undefined;
  return {
    kind,
    from: from === undefined ? undefined : commitSha(from),
    to: commitSha(to),
    content: digest(content),
    plan,
    replaced: (fields.get('Replaced') ?? '').split(' ').filter(isSha),
    isChosen: fields.has('Chosen'),
    isWithdrawn: fields.has('Withdrawn'),
  };
}

const isSha = (text: string | undefined): text is CommitSha =>
  text !== undefined && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text);
