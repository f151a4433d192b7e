/** Field selectors, as in `?fieldSelector=metadata.name=web,status.phase!=Running`, and which fields each kind offers. */
import { at, isObject, type Json } from '../../core/json/value.ts';
import type { KubeObject } from '../../core/model/object.ts';
import type { Entry } from '../store/entry.ts';
import { SelectorError } from './label-selector.ts';
import { qualified } from './refusals.ts';

export type FieldSelector = {
  /** The one name that can match. */
  readonly name: string | undefined;
  /** The one namespace that can match. */
  readonly namespace: string | undefined;
  readonly matches: (entry: Entry, read: (entry: Entry) => KubeObject) => boolean;
};

type Term = { readonly field: string; readonly value: string; readonly isEqual: boolean };

/** What can be asked for beyond `metadata.name` and `metadata.namespace`, by qualified resource. */
const offers: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicationcontrollers: ['status.replicas'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
  'certificatesigningrequests.certificates.k8s.io': ['spec.signerName'],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
};

// Where the answer is not simply the value at the path.
const answers: Readonly<Record<string, (object: KubeObject) => Json | undefined>> = {
  'spec.unschedulable': (object) => at(object, 'spec', 'unschedulable') ?? false,
  'spec.hostNetwork': (object) => at(object, 'spec', 'hostNetwork') ?? false,
  'status.successful': (object) => at(object, 'status', 'succeeded') ?? 0,
  source: (object) => at(object, 'source', 'component') ?? at(object, 'reportingComponent'),
};

/** Undefined selects everything. Errors: SelectorError. `selectable`: fields that a CRD offers. */
export function parseFieldSelector(
  text: string,
  kind: { readonly group: string; readonly resource: string },
  selectable: readonly string[] = [],
): FieldSelector | undefined {
  const terms = split(text).map((part) => readTerm(text, part));
  if (terms.length === 0) return undefined;
  const id = qualified(kind);
  const offered = ['metadata.name', 'metadata.namespace', ...(offers[id] ?? selectable)];
  const unknown = terms.find(({ field }) => !offered.includes(field));
  if (unknown !== undefined) throw new SelectorError(refusalOf(id, unknown.field, selectable));
  const exact = (field: string): string | undefined =>
    terms.find((term) => term.isEqual && term.field === field)?.value;
  return {
    name: exact('metadata.name'),
    namespace: exact('metadata.namespace'),
    matches: (entry, read) => terms.every((term) => (valueAt(entry, term.field, read) === term.value) === term.isEqual),
  };
}

function refusalOf(id: string, field: string, selectable: readonly string[]): string {
  if (id === 'jobs.batch') return `field label "${field}" not supported for Job`;
  if (Object.hasOwn(offers, id)) return `field label not supported: ${field}`;
  if (selectable.length > 0) return `field label not supported: ${field}`;
  return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

function valueAt(entry: Entry, field: string, read: (entry: Entry) => KubeObject): string {
  if (field === 'metadata.name') return entry.name;
  if (field === 'metadata.namespace') return entry.namespace;
  const object = read(entry);
  const value = answers[field]?.(object) ?? at(object, ...field.replace(/^\./, '').split('.'));
  return value === undefined || value === null || isObject(value) ? '' : String(value);
}

/** At commas that no backslash precedes. */
function split(text: string): readonly string[] {
  return (text.match(/(?:\\.|[^,\\])+/g) ?? []).filter((part) => part.trim() !== '');
}

function readTerm(text: string, part: string): Term {
  const found = /^((?:\\.|[^=!\\])*)(==|=|!=)((?:\\.|[^\\])*)$/s.exec(part);
  if (found === null) throw new SelectorError(`invalid selector: '${text}'; can't understand '${part}'`);
  const [, field = '', operator = '', value = ''] = found;
  return { field: field.trim(), value: value.replaceAll(/\\(.)/g, '$1'), isEqual: operator !== '!=' };
}
