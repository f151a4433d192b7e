/** What a cluster says about its own work at `/metrics`: how often it was asked what, as kube-apiserver counts it. */
import { isObjectRequest, type RequestCount } from '../requests.ts';

const figure = 'apiserver_request_total';
const help = [
  `# HELP ${figure} Requests, by verb, dry run, group, resource, subresource and answer.`,
  `# TYPE ${figure} counter`,
];

/** Shape: Prometheus text. Requests that name no resource are left out; those that were cut off have code 0. */
export function metricsText(counts: readonly RequestCount[]): string {
  const lines = new Map<string, number>();
  for (const each of counts.filter(isObjectRequest)) {
    for (const [code, count] of codesOf(each)) {
      const labels = labelsOf(each, code);
      lines.set(labels, (lines.get(labels) ?? 0) + count);
    }
  }
  return [...help, ...[...lines].map(([labels, count]) => `${figure}{${labels}} ${count}`), ''].join('\n');
}

/** One that is still under way has no answer yet, and counts. */
function codesOf({ count, statuses }: RequestCount): readonly (readonly [code: number, count: number])[] {
  const answered = [...statuses.values()].reduce((sum, each) => sum + each, 0);
  return count === answered ? [...statuses] : [...statuses, [0, count - answered]];
}

function labelsOf({ verb, resource, subresource, isDryRun }: RequestCount, code: number): string {
  const dot = resource.indexOf('.');
  const labels = {
    code: String(code),
    component: 'apiserver',
    dry_run: isDryRun ? 'All' : '',
    group: dot < 0 ? '' : resource.slice(dot + 1),
    resource: dot < 0 ? resource : resource.slice(0, dot),
    subresource,
    verb: prometheusVerbs[verb] ?? verb.toUpperCase(),
  };
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');
}

/** kube-apiserver names methods here, not the verbs of authorization. */
const prometheusVerbs: Readonly<Record<string, string>> = { create: 'POST', update: 'PUT' };
