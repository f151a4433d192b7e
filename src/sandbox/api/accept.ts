/** Which shape of answer a client asks for in `Accept`. */
import { RefusedError } from './refusals.ts';

/** `table` for kubectl's eyes; `metadata` and its list for what only looks at labels and owners. */
export type Shape = 'object' | 'table' | 'metadata' | 'metadataList';

type Range = { readonly type: string; readonly parameters: ReadonlyMap<string, string> };

/** The ranges of an Accept header, in the client's order; an absent header accepts anything. */
export function rangesOf(accept: string | undefined): readonly Range[] {
  return (accept === undefined || accept.trim() === '' ? '*/*' : accept).split(',').map((text) => {
    const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
    const pairs = parameters.map((parameter): [string, string] => {
      const equals = parameter.indexOf('=');
      return equals === -1 ? [parameter, ''] : [parameter.slice(0, equals), parameter.slice(equals + 1)];
    });
    return { type: type.toLowerCase(), parameters: new Map(pairs) };
  });
}

const jsonTypes: ReadonlySet<string> = new Set(['application/json', '*/*', 'application/*']);

/** Whether plain JSON will do. */
export const acceptsJson = (accept: string | undefined): boolean =>
  rangesOf(accept).some(({ type }) => jsonTypes.has(type));

/** The first shape that we can give. Errors: 406. Only JSON is spoken here. */
export function shapeOf(accept: string | undefined): Shape {
  for (const { type, parameters } of rangesOf(accept)) {
    if (!jsonTypes.has(type)) continue;
    const as = parameters.get('as');
    if (as === undefined) return 'object';
    if (parameters.get('g') !== 'meta.k8s.io' || !['v1', 'v1beta1'].includes(parameters.get('v') ?? '')) continue;
    if (as === 'Table') return 'table';
    if (as === 'PartialObjectMetadata') return 'metadata';
    if (as === 'PartialObjectMetadataList') return 'metadataList';
  }
  throw refuseShape(
    '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
  );
}

export const notAcceptable = (offered: readonly string[]): RefusedError =>
  refuseShape(`only the following media types are accepted: ${offered.join(', ')}`);

/** The form for one object does not suit a list, nor the other way round. `type` is the name it has in Go. */
export const wrongShape = (asked: 'metadata' | 'metadataList', type: string): RefusedError =>
  refuseShape(
    asked === 'metadata'
      ? `you requested PartialObjectMetadata, but the requested object is a list (${type})`
      : `you requested PartialObjectMetadataList, but the requested object is not a list (${type})`,
  );

const refuseShape = (message: string): RefusedError =>
  new RefusedError({ code: 406, reason: 'NotAcceptable', message });
