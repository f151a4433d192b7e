/** The annotations by which an object said where it goes, and how many of it. */
import { parseJson } from '../../json/text.ts';
import { isArray, isObject, type Json, numberOf, textOf } from '../../json/value.ts';
import { excerpt } from '../../model/excerpt.ts';
import type { ClusterMatch } from '../../model/fleet.ts';
import { clusterId } from '../../model/id.ts';
import type { PreferredDivision } from '../../model/placement.ts';
import { everywhere } from '../kubefed/placement.ts';
import type { Problems } from '../kubefed/read.ts';
import type { Placed } from '../placed.ts';

const selectorKey = 'federation.alpha.kubernetes.io/cluster-selector';
const scalerKey = 'federation.kubernetes.io/hpa-target-cluster-list';
const preferenceKeys: Readonly<Record<string, string>> = {
  Deployment: 'federation.kubernetes.io/deployment-preferences',
  ReplicaSet: 'federation.kubernetes.io/replica-set-preferences',
  Job: 'federation.kubernetes.io/job-preferences',
};

const pathOf = (key: string): readonly string[] => ['metadata', 'annotations', key];

type Read = { readonly kind: 'absent' } | { readonly kind: 'wrong' } | { readonly kind: 'json'; readonly value: Json };

function annotation({ document }: Placed, key: string): Read {
  const { metadata } = document.value;
  const annotations = isObject(metadata) ? metadata.annotations : undefined;
  if (!isObject(annotations) || !Object.hasOwn(annotations, key)) return { kind: 'absent' };
  const text = textOf(annotations[key]);
  try {
    return text === undefined ? { kind: 'wrong' } : { kind: 'json', value: parseJson(text) };
  } catch {
    return { kind: 'wrong' };
  }
}

/** Go matches the names of fields whatever their case; the last of equals counts. */
function fieldOf(value: Json | undefined, name: string): Json | undefined {
  if (!isObject(value)) return undefined;
  return Object.entries(value).findLast(([field]) => field.toLowerCase() === name.toLowerCase())?.[1];
}

export type Shares = Pick<PreferredDivision, 'preferences' | 'isRebalancing'>;

/** Without a wish every cluster gets an equal share: a federation never ran the whole count everywhere. */
const evenly: Shares = {
  preferences: [{ clusters: everywhere, min: 0, max: undefined, weight: 1 }],
  isRebalancing: false,
};

/** Shape: what cannot be understood counts for nothing, as it did, and is told. Without `clusters` nobody gets anything. */
export function sharesOf(placed: Placed, kind: string, problems: Problems): Shares {
  const key = preferenceKeys[kind] ?? '';
  const read = annotation(placed, key);
  if (read.kind === 'absent') return evenly;
  const wishes = read.kind === 'json' ? wishesIn(read.value) : undefined;
  if (wishes !== undefined) return wishes;
  problems.warn('A1570', pathOf(key), `${excerpt(key)} is no preference, so every cluster gets an equal share`);
  return evenly;
}

function wishesIn(value: Json): Shares | undefined {
  const rebalance = fieldOf(value, 'rebalance') ?? false;
  const clusters = fieldOf(value, 'clusters') ?? {};
  if (!isObject(value) || typeof rebalance !== 'boolean' || !isObject(clusters)) return undefined;
  const named = Object.entries(clusters).toSorted(([a], [b]) => Number(a === '*') - Number(b === '*'));
  const preferences = named.map(([name, given]) => {
    const whole = (field: string): number | undefined => {
      const number = fieldOf(given, field);
      return number === undefined || number === null ? undefined : (numberOf(number) ?? Number.NaN);
    };
    return {
      clusters: name === '*' ? everywhere : ({ kind: 'names', names: [clusterId(name)] } as const),
      min: whole('minReplicas') ?? 0,
      max: whole('maxReplicas'),
      weight: whole('weight') ?? 0,
    };
  });
  const isWhole = preferences.every(({ min, max, weight }) => [min, max ?? 0, weight].every(Number.isSafeInteger));
  return isWhole ? { preferences, isRebalancing: rebalance } : undefined;
}

/** Clusters that an autoscaler of the federation chose: it says how many, too. Undefined where there is none. */
export function scaledOn(placed: Placed): ClusterMatch | undefined {
  const read = annotation(placed, scalerKey);
  const names = read.kind === 'json' ? fieldOf(read.value, 'names') : undefined;
  if (!isArray(names)) return undefined;
  return { kind: 'names', names: names.flatMap((name) => textOf(name) ?? []).map(clusterId) };
}

/** Shape: every cluster without the annotation; an error where it cannot be understood: then nothing is moved. */
export function clustersOf(placed: Placed, problems: Problems): ClusterMatch {
  const read = annotation(placed, selectorKey);
  if (read.kind === 'absent') return everywhere;
  const requirements = read.kind === 'json' && isArray(read.value) ? read.value.map(matchOf) : [undefined];
  if (requirements.length === 0) return everywhere;
  const known = requirements.filter((match) => match !== undefined);
  if (known.length === requirements.length)
    return known.length === 1 && known[0] ? known[0] : { kind: 'every', of: known };
  const hint =
    'it is a JSON list of {key, operator, values}, as [{"key": "region", "operator": "in", "values": ["eu"]}]';
  problems.error('A1571', pathOf(selectorKey), `${excerpt(selectorKey)} is no selector`, hint);
  return everywhere;
}

function matchOf(given: Json): ClusterMatch | undefined {
  const key = textOf(fieldOf(given, 'key'));
  const operator = textOf(fieldOf(given, 'operator'));
  const written = fieldOf(given, 'values') ?? [];
  if (key === undefined || key === '' || operator === undefined || !isArray(written)) return undefined;
  const values = written.map((value) => (typeof value === 'number' ? String(value) : textOf(value)));
  const texts = values.filter((value) => value !== undefined);
  if (texts.length !== values.length) return undefined;
  return requirement(key, operator, texts);
}

function requirement(key: string, operator: string, values: readonly string[]): ClusterMatch | undefined {
  const [first] = values;
  switch (operator) {
    case 'in':
    case 'In':
      return values.length === 0 ? undefined : selector({ key, operator: 'In', values });
    case '=':
    case '==':
      return values.length === 1 ? selector({ key, operator: 'In', values }) : undefined;
    case 'notin':
    case 'NotIn':
      return values.length === 0 ? undefined : selector({ key, operator: 'NotIn', values });
    case '!=':
      return values.length === 1 ? selector({ key, operator: 'NotIn', values }) : undefined;
    case 'exists':
    case 'Exists':
      return values.length === 0 ? selector({ key, operator: 'Exists' }) : undefined;
    case '!':
    case 'DoesNotExist':
      return values.length === 0 ? selector({ key, operator: 'DoesNotExist' }) : undefined;
    case 'gt':
    case 'Gt':
    case '>':
      return bounded(key, 'above', first, values.length);
    case 'lt':
    case 'Lt':
    case '<':
      return bounded(key, 'below', first, values.length);
    default:
      return undefined;
  }
}

type Requirement = Extract<ClusterMatch, { kind: 'selector' }>['selector'][number];
const selector = (each: Requirement): ClusterMatch => ({ kind: 'selector', selector: [each] });

function bounded(
  label: string,
  is: 'above' | 'below',
  written: string | undefined,
  count: number,
): ClusterMatch | undefined {
  const bound = wholeNumber(written ?? '');
  return count !== 1 || bound === undefined ? undefined : { kind: 'number', label, is, bound };
}

const wholeNumber = (text: string): number | undefined => (/^[+-]?[0-9]{1,15}$/.test(text) ? Number(text) : undefined);
