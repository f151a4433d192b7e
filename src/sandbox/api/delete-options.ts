/** What a DELETE is asked to mind: from its body, or from the query where there is no body. */
import { parseJson } from '../../core/json/text.ts';
import { at, isArray, isObject, type JsonObject, numberOf, textOf } from '../../core/json/value.ts';
import type { DeleteOptions } from '../registry/remove.ts';
import type { Cause } from '../schema/refusal.ts';
import { bodyText } from './call.ts';
import type { ApiRequest } from './exchange.ts';
import { dryRunProblems, unsupported, wrong } from './query.ts';
import { badRequest, invalidOptions } from './refusals.ts';

const policies = ['Foreground', 'Background', 'Orphan'] as const;
type Policy = (typeof policies)[number];

/**
 * Errors: 400, 415, 422.
 *
 * A body takes the place of the query whole, as in the real server: `?dryRun=All` beside a body is no dry run, and a
 * misspelt field is no error. A trap, kept on purpose and counted.
 */
export function readDeleteOptions(request: ApiRequest, query: URLSearchParams): DeleteOptions {
  const text = request.body === undefined || request.body.length === 0 ? '' : bodyText(request);
  return optionsFrom(text === '' ? fromQuery(query) : readBody(text));
}

function readBody(text: string): JsonObject {
  const body = parsed(text);
  if (!isObject(body)) throw badRequest("couldn't get version/kind; json parse error: not an object");
  const kind = textOf(body.kind) ?? 'DeleteOptions';
  if (kind !== 'DeleteOptions') {
    throw badRequest(
      `no kind "${kind}" is registered for version "meta.k8s.io/v1" in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  return body;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : ''}`);
  }
}

function fromQuery(query: URLSearchParams): JsonObject {
  const grace = query.get('gracePeriodSeconds');
  const orphan = query.get('orphanDependents');
  const policy = query.get('propagationPolicy');
  return {
    dryRun: query.getAll('dryRun'),
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(orphan === null ? {} : { orphanDependents: !['false', '0'].includes(orphan.toLowerCase()) }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
  };
}

function optionsFrom(body: JsonObject): DeleteOptions {
  const orphan = typeof body.orphanDependents === 'boolean' ? body.orphanDependents : undefined;
  const policy = textOf(body.propagationPolicy);
  const dryRun = isArray(body.dryRun) ? body.dryRun.flatMap((each) => textOf(each) ?? []) : [];
  const known = policies.find((each) => each === policy);
  const causes: Cause[] = [];
  if (orphan !== undefined && policy !== undefined) {
    causes.push(
      wrong('propagationPolicy', JSON.stringify(policy), 'orphanDependents and deletionPropagation cannot be both set'),
    );
  }
  if (policy !== undefined && known === undefined) {
    causes.push(unsupported('propagationPolicy', JSON.stringify(policy), [...policies, 'nil']));
  }
  causes.push(...dryRunProblems(dryRun));
  if (causes.length > 0) throw invalidOptions('DeleteOptions', causes);
  return {
    isDryRun: dryRun.length > 0,
    uid: textOf(at(body, 'preconditions', 'uid')),
    resourceVersion: textOf(at(body, 'preconditions', 'resourceVersion')),
    propagation: known ?? policyOf(orphan),
    gracePeriodSeconds: numberOf(body.gracePeriodSeconds),
  };
}

const policyOf = (orphan: boolean | undefined): Policy | undefined =>
  orphan === undefined ? undefined : orphan ? 'Orphan' : 'Background';
