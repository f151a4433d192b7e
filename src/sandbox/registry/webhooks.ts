/**
 * Admission webhooks, as far as a cluster without programs can have them: one whose Service has a ready pod allows
 * everything, one that nobody could answer fails as its policy says. That is what makes the order of applying matter.
 */
import { at, isArray, isObject, type Json, type JsonObject, numberOf, textOf } from '../../core/json/value.ts';
import { selectorOf } from '../api/label-selector.ts';
import { internalError } from '../api/refusals.ts';
import type { Store } from '../store/store.ts';
import type { Review } from './admission.ts';

const group = 'admissionregistration.k8s.io';
const places = [`mutatingwebhookconfigurations.${group}`, `validatingwebhookconfigurations.${group}`];

/** Errors: 500 when a webhook that must see this cannot be reached. */
export function callWebhooks(store: Pick<Store, 'list' | 'read' | 'get'>, review: Review): void {
  // Webhooks never see their own registration, lest nobody could remove them.
  if (review.resource.group === group) return;
  for (const place of places) {
    for (const entry of store.list(place)) {
      const { webhooks } = store.read(entry);
      for (const webhook of isArray(webhooks) ? webhooks.filter(isObject) : []) {
        if (textOf(webhook.failurePolicy) !== 'Ignore' && isMeant(store, webhook, review)) call(store, webhook);
      }
    }
  }
}

function isMeant(store: Pick<Store, 'read' | 'get'>, webhook: JsonObject, review: Review): boolean {
  const { resource, subresource, operation, namespace, object } = review;
  const named = subresource === '' ? resource.resource : `${resource.resource}/${subresource}`;
  const rules = isArray(webhook.rules) ? webhook.rules : [];
  const isRuled = rules.some(
    (rule) =>
      has(rule, 'operations', operation) &&
      has(rule, 'apiGroups', resource.group) &&
      has(rule, 'apiVersions', resource.version) &&
      (has(rule, 'resources', named) || has(rule, 'resources', '*/*')) &&
      ['*', resource.isNamespaced ? 'Namespaced' : 'Cluster'].includes(textOf(at(rule, 'scope')) ?? '*'),
  );
  if (!isRuled) return false;
  const where = namespace === '' ? undefined : store.get('namespaces', '', namespace);
  const labels = at(object, 'metadata', 'labels');
  return (
    selects(webhook.namespaceSelector, where?.labels ?? {}, where !== undefined) &&
    selects(webhook.objectSelector, isObject(labels) ? (labels as Readonly<Record<string, string>>) : {}, true)
  );
}

function has(rule: Json, field: string, wanted: string): boolean {
  const list = at(rule, field);
  return isArray(list) && (list.includes('*') || list.includes(wanted));
}

/** A selector that is absent or empty takes all; objects without a namespace are taken whatever it says. */
const selects = (selector: Json | undefined, labels: Readonly<Record<string, string>>, applies: boolean): boolean =>
  !applies || selector === undefined || selectorOf(selector)(labels);

function call(store: Pick<Store, 'read' | 'get'>, webhook: JsonObject): void {
  const seconds = numberOf(webhook.timeoutSeconds) ?? 10;
  const service = at(webhook, 'clientConfig', 'service');
  const fail = (url: string, why: string): never => {
    const name = textOf(webhook.name) ?? '';
    const target = `${url}${url.includes('?') ? '&' : '?'}timeout=${seconds}s`;
    throw internalError(`failed calling webhook "${name}": failed to call webhook: Post "${target}": ${why}`);
  };
  if (!isObject(service)) {
    const url = textOf(at(webhook, 'clientConfig', 'url')) ?? '';
    // Nothing outside of this process is ever called.
    fail(url, `dial tcp ${hostOf(url)}: connect: connection refused`);
    return;
  }
  const name = textOf(service.name) ?? '';
  const namespace = textOf(service.namespace) ?? '';
  const url = `https://${name}.${namespace}.svc:${numberOf(service.port) ?? 443}${textOf(service.path) ?? ''}`;
  if (store.get('services', namespace, name) === undefined) fail(url, `service "${name}" not found`);
  const endpoints = store.get('endpoints', namespace, name);
  const subsets = endpoints === undefined ? undefined : store.read(endpoints).subsets;
  const isReady = isArray(subsets) && subsets.some((subset) => isArray(at(subset, 'addresses')));
  if (!isReady) fail(url, `no endpoints available for service "${name}"`);
}

const hostOf = (url: string): string => /^https:\/\/([^/?]+)/.exec(url)?.[1] ?? url;
