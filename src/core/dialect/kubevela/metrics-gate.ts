/** A `check-metrics` step as the gate of what comes after it. */
import type { Diagnostic, Findings } from '../../model/diagnostic.ts';
import type { Gate } from '../../model/gate.ts';
import type { Origin } from '../../model/source.ts';
import { Duration } from '../native/field.ts';
import { readWritten, type Written } from '../native/read.ts';
import { problem } from './problem.ts';
import { CheckMetrics } from './schema/policy.ts';

/** Where KubeVela's addon has Prometheus. */
const ownPrometheus = 'http://prometheus-server.o11y-system.svc:9090';

type Bounds = { readonly min: number | undefined; readonly max: number | undefined };

/** Shape: undefined with an error; then nothing may go past it. */
export function metricsGate(name: string, origin: Origin, written: Written): Findings<Gate | undefined> {
  const { value, diagnostics } = readWritten(CheckMetrics, written);
  if (value === undefined) return { value: undefined, diagnostics };
  const { query, metricEndpoint, condition, duration } = value;
  const problems: Diagnostic[] = [];
  const bounds = boundsOf(condition);
  if (bounds === undefined)
    problems.push(
      problem(
        'A1513',
        written.originAt(['condition']),
        `step ${name} asks for ${JSON.stringify(condition)}, which is no comparison with one number`,
        'as `>=0.95`: >=, >, <=, < and == are known',
      ),
    );
  const forMs = Duration.safeParse(duration);
  if (!forMs.success)
    problems.push(problem('A1102', written.originAt(['duration']), 'it must be a duration such as 30s, 10m or 1h30m'));
  if (bounds === undefined || !forMs.success) return { value: undefined, diagnostics: problems };
  const url = metricEndpoint || ownPrometheus;
  return {
    value: { name, origin, check: { kind: 'prometheus', url, query, ...bounds, forMs: forMs.data } },
    diagnostics,
  };
}

const comparison = /^(>=|<=|==|>|<)?\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)$/;

/** Shape: bounds that are passed themselves; a number alone is itself. */
function boundsOf(condition: string): Bounds | undefined {
  const [, sign = '==', text] = comparison.exec(condition.trim()) ?? [];
  if (text === undefined) return undefined;
  const number = Number(text);
  switch (sign) {
    case '>=':
      return { min: number, max: undefined };
    case '>':
      return { min: next(number, 1), max: undefined };
    case '<=':
      return { min: undefined, max: number };
    case '<':
      return { min: undefined, max: next(number, -1) };
    default:
      return { min: number, max: number };
  }
}

/** The nearest other number: Prometheus has no value in between. */
function next(number: number, direction: 1 | -1): number {
  if (number === 0) return direction * Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  const isAway = number > 0 === direction > 0;
  view.setBigInt64(0, view.getBigInt64(0) + (isAway ? 1n : -1n));
  return view.getFloat64(0);
}
