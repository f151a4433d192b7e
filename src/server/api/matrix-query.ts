/** What of the fleet is asked for, as the address of a page or of the API says it. */
import type { LabelSelector, Requirement } from '../../core/model/selector.ts';
import type { MatrixQuery } from './matrix.ts';

export type ReadQuery =
  | { readonly kind: 'query'; readonly query: MatrixQuery }
  /** `query`: as far as it can be read. */
  | { readonly kind: 'wrong'; readonly message: string; readonly query: MatrixQuery };

export function readMatrixQuery(parameters: URLSearchParams): ReadQuery {
  const labels = readSelector(parameters.get('label') ?? '');
  const query: MatrixQuery = {
    text: (parameters.get('q') ?? '').slice(0, 200),
    labels: labels ?? [],
    isTroubleOnly: parameters.get('show') === 'trouble',
    groupBy: parameters.get('group') || undefined,
  };
  if (labels !== undefined) return { kind: 'query', query };
  return {
    kind: 'wrong',
    message: 'labels are written as kubectl takes them: tier=production, region!=eu, gpu, !gpu',
    query,
  };
}

const equality = /^(?<key>[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?)\s*(?<sign>==?|!=)\s*(?<value>[-A-Za-z0-9_.]*)$/;
const existence = /^(?<not>!?)\s*(?<key>[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?)$/;

/** `a=b,c!=d,e,!f`, as kubectl. Shape: undefined when it cannot be read. */
export function readSelector(text: string): LabelSelector | undefined {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const requirements = parts.map(readRequirement);
  return requirements.every((each) => each !== undefined) ? requirements : undefined;
}

function readRequirement(part: string): Requirement | undefined {
  const equal = equality.exec(part)?.groups;
  if (equal?.key !== undefined)
    return { key: equal.key, operator: equal.sign === '!=' ? 'NotIn' : 'In', values: [equal.value ?? ''] };
  const exists = existence.exec(part)?.groups;
  if (exists?.key === undefined) return undefined;
  return { key: exists.key, operator: exists.not === '!' ? 'DoesNotExist' : 'Exists' };
}
