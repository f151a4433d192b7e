/** An autoscaler for tests: scales as the real one does, through the scale subresource and under the real one's name. */
import { parseJson } from '../core/json/text.ts';
import { isObject, type JsonObject, withFields } from '../core/json/value.ts';
import type { Answerer } from './api/exchange.ts';

export type ScaleTarget = {
  /** `apis/apps/v1`. */
  readonly prefix: string;
  /** Plural. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
};

/** Errors: when the cluster does not take it. */
export async function autoscale(
  handle: Answerer,
  target: ScaleTarget,
  replicas: number,
  signal: AbortSignal,
): Promise<void> {
  const { prefix, resource, namespace, name } = target;
  const path = `/${prefix}/namespaces/${namespace}/${resource}/${name}/scale`;
  const headers = { 'user-agent': 'kube-controller-manager/v1.36.3', 'content-type': 'application/json' };
  const ask = async (method: string, body?: JsonObject): Promise<JsonObject> => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await handle({ method, path, headers, body: text }, signal);
    const json = typeof answer.body === 'string' ? parseJson(answer.body) : undefined;
    if (answer.status !== 200 || !isObject(json))
      throw new Error(`${method} ${path}: ${answer.status} ${String(answer.body)}`);
    return json;
  };
  const scale = await ask('GET');
  await ask('PUT', { ...scale, spec: withFields(isObject(scale.spec) ? scale.spec : {}, { replicas }) });
}
