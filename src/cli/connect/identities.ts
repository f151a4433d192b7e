/** Which cluster is behind which name, remembered over restarts. */
import { parseJson } from '../../core/json/text.ts';
import { isObject, textOf } from '../../core/json/value.ts';
import type { ClusterId } from '../../core/model/id.ts';
import type { IdentityBook } from '../../engine/member/identity-book.ts';
import type { Store } from '../../seam/store.ts';

const name = 'cluster-identities';

/** Shape: a book that cannot be read is empty, and is learnt again. */
export async function openIdentities(store: Store): Promise<IdentityBook> {
  const known = parsed(await store.read(name));
  // One write after the other, each with all that is known by then.
  let writing = Promise.resolve();
  return {
    known: (cluster) => known.get(cluster),
    learn: (cluster, uid) => {
      known.set(cluster, uid);
      writing = writing.then(() => store.write(name, JSON.stringify(Object.fromEntries(known))));
    },
  };
}

/** A book to look things up in: what is only looked at is not to be believed from then on. */
export const readOnly = (book: IdentityBook): IdentityBook => ({ known: book.known, learn: () => {} });

function parsed(text: string | undefined): Map<string | ClusterId, string> {
  try {
    const value = parseJson(text ?? '{}');
    return new Map(isObject(value) ? Object.entries(value).map(([key, uid]) => [key, textOf(uid) ?? '']) : []);
  } catch {
    return new Map();
  }
}
