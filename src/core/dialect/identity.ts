/** Does a document say what it is called? */
import { Identity } from './native/field.ts';
import type { Placed } from './placed.ts';

export const isNamed = ({ document }: Placed): boolean => Identity.safeParse(document.value.metadata).success;
