/** How an object wants to be deleted: said by the object itself, so that it is known when its manifest is gone. */
import { parseJson } from '../json/text.ts';
import { fieldOf, isObject, type JsonObject, numberOf, textOf } from '../json/value.ts';
import { type KubeObject, textMapOf, withMetadata } from './object.ts';

/** What is absent is as Landfall does it by itself. */
export type DeleteOptions = {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  /** What it must be; another object of its name, or another version of it, stays. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
};

/** Its value is Kubernetes' own `DeleteOptions`, as JSON. */
export const deletionAnnotation = 'landfall.dev/delete-options';

/** Shape: undefined for what cannot be understood; other fields of `DeleteOptions` say nothing. */
export function readDeleteOptions(text: string): DeleteOptions | undefined {
  const given = jsonObjectIn(text);
  if (given === undefined) return undefined;
  const { gracePeriodSeconds: seconds = null, propagationPolicy: policy = null, preconditions = null } = given;
  const grace = numberOf(seconds);
  if (seconds !== null && (grace === undefined || !Number.isSafeInteger(grace) || grace < 0)) return undefined;
  if (policy !== null && !isPolicy(policy)) return undefined;
  if (preconditions !== null && !isObject(preconditions)) return undefined;
  const [uid, resourceVersion] = ['uid', 'resourceVersion'].map((field) => fieldOf(preconditions, field) ?? null);
  if (![uid, resourceVersion].every((each) => each === null || typeof each === 'string')) return undefined;
  const must = {
    ...(uid ? { uid: textOf(uid) ?? '' } : {}),
    ...(resourceVersion ? { resourceVersion: textOf(resourceVersion) ?? '' } : {}),
  };
  return {
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
    ...(Object.keys(must).length === 0 ? {} : { preconditions: must }),
  };
}

const isPolicy = (value: unknown): value is NonNullable<DeleteOptions['propagationPolicy']> =>
  value === 'Foreground' || value === 'Background' || value === 'Orphan';

function jsonObjectIn(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Shape: `unreadable` where it says something that cannot be understood. */
export function deleteOptionsOf(object: KubeObject): DeleteOptions | 'unreadable' {
  const text = textMapOf(object, 'annotations')[deletionAnnotation];
  return text === undefined ? {} : (readDeleteOptions(text) ?? 'unreadable');
}

export function withDeleteOptions(object: KubeObject, options: DeleteOptions): KubeObject {
  const annotations = { ...textMapOf(object, 'annotations'), [deletionAnnotation]: JSON.stringify(options) };
  return withMetadata(object, { annotations });
}
