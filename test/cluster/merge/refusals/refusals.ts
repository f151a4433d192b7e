/** Writes that an API server refuses or warns of, each for a reason of its own. */
import { mergePatch } from '../../../../src/core/json/merge.ts';
import { isObject } from '../../../../src/core/json/value.ts';
import type { Operation } from '../operations.ts';
import { bases, type Place } from './base.ts';
import { definitions } from './definitions.ts';
import { objects } from './objects.ts';
import { workloads } from './workloads.ts';

export type Refused = {
  readonly name: string;
  readonly place: Place;
  readonly writes: readonly Operation[];
};

export const refusals: readonly Refused[] = [...objects, ...workloads, ...definitions].map(
  ([name, kind, created, ...changes]) => {
    const { place, valid } = bases[kind];
    const { apiVersion, isNamespaced } = place;
    const placed = isNamespaced ? { metadata: { namespace: 'default' } } : {};
    const body = mergePatch(mergePatch({ apiVersion, kind: place.kind, ...valid }, placed), created);
    const first: Operation = { kind: 'create', manager: 'one', body: isObject(body) ? body : {} };
    const rest = changes.map(
      (change): Operation => ({
        kind: 'patch',
        manager: 'two',
        type: 'merge',
        body: change,
        apiVersion,
        subresource: '',
      }),
    );
    return { name, place, writes: [first, ...rest] };
  },
);
