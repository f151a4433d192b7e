/** Requests counted where they arrive. */

/** `VERB resource.group` -> how often; of Landfall's and the lower bound's alone, whoever else there is. */
export type RequestCounts = ReadonlyMap<string, number>;

export function between(before: RequestCounts, after: RequestCounts): RequestCounts {
  const differences = [...after].map(([line, count]) => [line, count - (before.get(line) ?? 0)] as const);
  return new Map(differences.filter(([, count]) => count > 0));
}

/** Leases are renewed at rest too, and are counted apart. */
const isLease = (line: string): boolean => line.includes(' leases.coordination.k8s.io');
/** An opened stream that is opened again; what it brings is not asked for. */
const isWatch = (line: string): boolean => line.startsWith('WATCH ');

/** Requests about objects: all but leases and the opening of watches. */
export const objectRequests = (counts: RequestCounts): number =>
  total(counts, (line) => !isLease(line) && !isWatch(line));
export const leaseRequests = (counts: RequestCounts): number => total(counts, isLease);
export const watchRequests = (counts: RequestCounts): number => total(counts, isWatch);

function total(counts: RequestCounts, isCounted: (line: string) => boolean): number {
  return [...counts].reduce((sum, [line, count]) => sum + (isCounted(line) ? count : 0), 0);
}

export const describeCounts = (counts: RequestCounts): string =>
  [...counts].map(([line, count]) => `${count} ${line}`).join(', ') || 'none';

/** The sum over clusters. */
export function added(all: readonly RequestCounts[]): RequestCounts {
  const sum = new Map<string, number>();
  for (const counts of all) for (const [line, count] of counts) sum.set(line, (sum.get(line) ?? 0) + count);
  return sum;
}

/** An answer that is not what was wanted is part of the line. */
export function lineOf(verb: string, resource: string, group: string, code: number): string {
  const line = `${verb} ${resource}${group === '' ? '' : `.${group}`}`;
  return code < 400 ? line : `${line} answered ${code}`;
}

/** From `apiserver_request_total` of a `/metrics`. */
export function countsInMetrics(text: string): RequestCounts {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^apiserver_request_total\{(.*)\} (\d+)$/.exec(line);
    if (match === null) continue;
    const labels = new Map([...match[1]!.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
    const group = labels.get('group') ?? '';
    const key = lineOf(labels.get('verb') ?? '', labels.get('resource') ?? '', group, Number(labels.get('code')));
    counts.set(key, (counts.get(key) ?? 0) + Number(match[2]));
  }
  return counts;
}
