/** Every request a cluster got, counted, so that a test can prove what was not asked for. */

/** What one count is of. Empty fields are of requests that name no resource. */
export type RequestLine = {
  readonly verb: string;
  /** `deployments.apps`, or the path of what is no resource. */
  readonly resource: string;
  readonly subresource: string;
  readonly userAgent: string;
  readonly user: string;
  readonly isDryRun: boolean;
};
export type RequestCount = RequestLine & {
  readonly count: number;
  /** Answers by status; 0 for those cut off. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Sent by watches, bookmarks apart. */
  readonly events: number;
  readonly bookmarks: number;
};

/** Verbs that change something, where they are about something stored. */
export const writeVerbs: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** Questions are asked by POST and change nothing. */
export const isQuestion = (resource: string): boolean =>
  /^[a-z]+reviews\.auth(entication|orization)\.k8s\.io$/.test(resource);
/** About an object or a collection of objects, be it a read, a watch or a write. */
export const isObjectRequest = ({ resource }: RequestLine): boolean =>
  !resource.startsWith('/') && !isQuestion(resource);
export const isWrite = (line: RequestLine): boolean =>
  isObjectRequest(line) && writeVerbs.has(line.verb) && !line.isDryRun;
export const isLease = ({ resource }: RequestLine): boolean => resource === 'leases.coordination.k8s.io';

export type RequestLog = {
  readonly note: (line: RequestLine) => NotedRequest;
  /** Counts so far, in order of first sight. Keep one and subtract it from a later one. */
  readonly snapshot: () => readonly RequestCount[];
};
export type NotedRequest = {
  readonly answered: (status: number) => void;
  readonly sent: (isBookmark: boolean) => void;
};

type Tally = { line: RequestLine; count: number; statuses: Map<number, number>; events: number; bookmarks: number };

const keyOf = (line: RequestLine): string =>
  [line.verb, line.resource, line.subresource, line.userAgent, line.user, line.isDryRun].join('\n');

export function requestLog(): RequestLog {
  const tallies = new Map<string, Tally>();
  return {
    note: (line) => {
      const key = keyOf(line);
      const tally = tallies.get(key) ?? { line, count: 0, statuses: new Map(), events: 0, bookmarks: 0 };
      tallies.set(key, tally);
      tally.count += 1;
      return {
        answered: (status) => {
          tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
        },
        sent: (isBookmark) => {
          if (isBookmark) tally.bookmarks += 1;
          else tally.events += 1;
        },
      };
    },
    snapshot: () =>
      [...tallies.values()].map(({ line, count, statuses, events, bookmarks }) => ({
        ...line,
        count,
        statuses: new Map(statuses),
        events,
        bookmarks,
      })),
  };
}

/** What `later` counts and `earlier` did not. Lines without a difference are left out. */
export function requestsBetween(
  earlier: readonly RequestCount[],
  later: readonly RequestCount[],
): readonly RequestCount[] {
  const before = new Map(earlier.map((count) => [keyOf(count), count]));
  return later.flatMap((now) => {
    const then = before.get(keyOf(now));
    if (then === undefined) return [now];
    const statuses = [...now.statuses].map(
      ([status, count]) => [status, count - (then.statuses.get(status) ?? 0)] as const,
    );
    const difference = {
      ...now,
      count: now.count - then.count,
      statuses: new Map(statuses.filter(([, count]) => count > 0)),
      events: now.events - then.events,
      bookmarks: now.bookmarks - then.bookmarks,
    };
    return difference.count + difference.events + difference.bookmarks === 0 ? [] : [difference];
  });
}

/** How many of the requests were about objects; watches are counted by their opening. Leases can be left out. */
export function countRequests(
  counts: readonly RequestCount[],
  isCounted: (count: RequestCount) => boolean = () => true,
): number {
  return counts.filter(isCounted).reduce((total, { count }) => total + count, 0);
}
