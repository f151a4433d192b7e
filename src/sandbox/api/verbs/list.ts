/** GET of a collection: pages, selectors, old versions. */
import { formatJson } from '../../../core/json/text.ts';
import type { JsonObject } from '../../../core/json/value.ts';
import { shownAt } from '../../registry/versions.ts';
import type { Entry } from '../../store/entry.ts';
import { shapeOf, wrongShape } from '../accept.ts';
import { answer, type Call, goType, itemText } from '../call.ts';
import { type Continue, readContinue, writeContinue } from '../continue-token.ts';
import type { ApiAnswer } from '../exchange.ts';
import { type ListOptions, readListOptions } from '../query.ts';
import { badRequest, expired, tooLargeVersion } from '../refusals.ts';
import { selectionOf } from '../selection.ts';
import { tableText } from '../table.ts';
import { readVersion } from '../version.ts';

type Page = { readonly entries: readonly Entry[]; readonly metadata: JsonObject };

export function list(call: Call): ApiAnswer {
  const options = readListOptions(call.query);
  const shape = shapeOf(call.request.headers.accept);
  const { entries, metadata } = pageOf(call, options);
  const { world, kind } = call;
  const shown = entries.map((entry) => shownAt(world.store, kind.schema, entry));
  if (shape === 'table') return answer(200, tableText(call, shown, metadata, true));
  if (shape === 'metadata') throw wrongShape(shape, goType(kind, 'List'));
  const isMetadata = shape === 'metadataList';
  const head = isMetadata
    ? '"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1"'
    : `"kind":"${kind.schema.kind}List","apiVersion":"${kind.schema.apiVersion}"`;
  // Items of built-in kinds go without kind and apiVersion, as in the real server; custom ones carry them.
  const isCustom = kind.schema.custom !== undefined;
  const items = shown.map((entry) => itemText(entry, isMetadata ? 'metadata' : 'object', isCustom)).join(',');
  return answer(200, `{${head},"metadata":${formatJson(metadata)},"items":[${items}]}`);
}

/** The objects a list shows and the list's own metadata. Errors: 410, 400, 504. */
export function pageOf(call: Call, options: ListOptions): Page {
  const { world } = call;
  const token = options.continueToken === '' ? undefined : readContinue(options.continueToken);
  if (token !== undefined && options.resourceVersion !== '' && options.resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  const asked = token === undefined ? readVersion(options.resourceVersion, 'list') : undefined;
  const current = world.store.revision();
  if (asked !== undefined && asked > current) throw tooLargeVersion(asked, current);
  const isExact = options.resourceVersionMatch === 'Exact' || isOldPage(options, asked);
  const revision = token !== undefined && token.revision >= 0 ? token.revision : isExact ? (asked ?? current) : current;
  const selection = selectionOf(call, options);
  const everything = selection.list(revision);
  if (everything === undefined) throw tooOld(token);
  const after =
    token === undefined ? everything : everything.filter((entry) => isAfter(keyOf(call, entry), token.after));
  const matching = selection.isAll ? after : after.filter(selection.matches);
  const entries = options.limit > 0 ? matching.slice(0, options.limit) : matching;
  const rest = matching.length - entries.length;
  const last = entries.at(-1);
  const metadata: JsonObject = {
    resourceVersion: String(revision),
    ...(rest > 0 && last !== undefined ? { continue: writeContinue({ revision, after: keyOf(call, last) }) } : {}),
    ...(rest > 0 && selection.isAll ? { remainingItemCount: rest } : {}),
  };
  return { entries, metadata };
}

/** A first page at an old version is that version, not a newer one. */
const isOldPage = (options: ListOptions, asked: number | undefined): boolean =>
  options.limit > 0 && options.resourceVersionMatch === '' && asked !== undefined && asked > 0;

const inconsistent =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

const tooOld = (token: Continue | undefined): Error =>
  token === undefined
    ? expired('The resourceVersion for the provided list is too old.')
    : expired(inconsistent, { continue: writeContinue({ ...token, revision: -1 }) });

/** Below what is listed: a name in one namespace, `namespace/name` across them. */
const keyOf = ({ path, kind }: Call, entry: Entry): string =>
  path.namespace !== '' || !kind.resource.isNamespaced ? `/${entry.name}` : `/${entry.namespace}/${entry.name}`;
const isAfter = (key: string, last: string): boolean => key > last;
