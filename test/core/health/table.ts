/** Small objects with a status, for tables of health. */
import type { Json, JsonObject } from '../../../src/core/json/value.ts';
import type { KubeObject } from '../../../src/core/model/object.ts';

export type HealthCase = {
  /** Kind and state. */
  readonly name: string;
  readonly metadata?: JsonObject;
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  /** The status, then its message when there is one. */
  readonly is: string;
};

/** An object at generation 2. */
export function objectOf(apiVersion: string, kind: string, { metadata, spec, status }: HealthCase): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { name: 'web', generation: 2, ...metadata },
    ...(spec === undefined ? {} : { spec }),
    ...(status === undefined ? {} : { status }),
  };
}

export function condition(type: string, status: string, reason = '', message = '', more: JsonObject = {}): Json {
  return { type, status, ...(reason === '' ? {} : { reason }), ...(message === '' ? {} : { message }), ...more };
}

export const describe = ({ status, message }: { readonly status: string; readonly message?: string }): string =>
  message === undefined ? status : `${status}: ${message}`;
