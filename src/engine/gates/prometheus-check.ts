/** A query of Prometheus, all of whose values must lie within bounds. */
import { parseJson } from '../../core/json/text.ts';
import { at, isArray, type Json } from '../../core/json/value.ts';
import { type Answer, type AskOf, type Check, fail, pass, unknown } from './answer.ts';
import { type WebDeps, webGet } from './web.ts';

export const prometheusCheck =
  (deps: WebDeps): Check<'prometheus'> =>
  async (ask, signal) => {
    const { url, query } = ask.check;
    const address = new URL(url);
    address.pathname = `${address.pathname.replace(/\/+$/, '')}/api/v1/query`;
    address.search = `?query=${encodeURIComponent(filled(query, ask))}`;
    const { status, text } = await webGet(address.href, deps, signal);
    const json = jsonIn(text);
    if (status !== 200) return unknown(`Prometheus answers ${status}${errorIn(json)}`);
    return judgeValues(json, ask.check);
  };

function filled(query: string, { asked: { app, ask } }: AskOf<'prometheus'>): string {
  const slash = app.indexOf('/');
  const names: Readonly<Record<string, string>> = {
    app: app.slice(slash + 1),
    namespace: app.slice(0, slash),
    stage: ask.stage,
    revision: ask.subject.revision,
  };
  return query.replaceAll(/\$\{(app|namespace|stage|revision)\}/g, (_, name: string) => names[name] ?? '');
}

type Bounds = Pick<AskOf<'prometheus'>['check'], 'max' | 'min'>;

/** Shape: no value, or one that is no number, is unknown: what measures nothing proves nothing. */
export function judgeValues(json: Json | undefined, { min, max }: Bounds): Answer {
  const values = valuesIn(json);
  if (values === undefined) return unknown('Prometheus answers something that is no vector and no scalar');
  if (values.length === 0) return unknown('the query has no answer');
  if (values.some((value) => !Number.isFinite(value))) return unknown('a value of the answer is no number');
  const low = values.find((value) => min !== undefined && value < min);
  if (low !== undefined) return fail(`${low} is below ${min}`);
  const high = values.find((value) => max !== undefined && value > max);
  if (high !== undefined) return fail(`${high} is above ${max}`);
  return pass(`${values.slice(0, 3).join(', ')}${values.length > 3 ? ' and more' : ''} within bounds`);
}

/** Source: https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats */
function valuesIn(json: Json | undefined): readonly number[] | undefined {
  if (at(json, 'status') !== 'success') return undefined;
  const result = at(json, 'data', 'result');
  if (!isArray(result)) return undefined;
  switch (at(json, 'data', 'resultType')) {
    case 'scalar':
      return [numberIn(result)];
    case 'vector':
      return result.map((sample) => numberIn(at(sample, 'value')));
    default:
      return undefined;
  }
}

/** `[seconds, "value"]` */
const numberIn = (sample: Json | undefined): number => {
  const text = isArray(sample) ? sample[1] : undefined;
  return typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN;
};

function errorIn(json: Json | undefined): string {
  const error = at(json, 'error');
  return typeof error === 'string' ? `: ${error.slice(0, 200)}` : '';
}

function jsonIn(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
