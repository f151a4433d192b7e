/** Times in the form in which the API server keeps them: UTC, whole seconds or microseconds. */

const pattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** RFC 3339 in UTC; undefined for what is no time. `digits` of a second are kept: 0, or 6 for a MicroTime. */
export function canonicalTime(text: string, digits: 0 | 6): string | undefined {
  const parts = pattern.exec(text);
  const milliseconds = parts === null ? Number.NaN : Date.parse(`${parts[1]}${parts[3]}`);
  if (parts === null || Number.isNaN(milliseconds)) return undefined;
  const seconds = new Date(milliseconds).toISOString().slice(0, 19);
  if (digits === 0) return `${seconds}Z`;
  return `${seconds}.${(parts[2] ?? '.').slice(1, digits + 1).padEnd(digits, '0')}Z`;
}

/** What a decoding error says of a text that is no time. */
export function timeProblem(text: string, digits: 0 | 6): string {
  const layout = digits === 0 ? '2006-01-02T15:04:05Z07:00' : '2006-01-02T15:04:05.000000Z07:00';
  return `parsing time ${JSON.stringify(text)} as "${layout}": cannot parse ${JSON.stringify(text)} as "2006"`;
}
