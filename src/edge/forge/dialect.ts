/** How one kind of forge puts the same two questions into requests: all that its file has to say. */
import type { Json } from '../../core/json/value.ts';
import type { ForgeAbilities, ForgeStatus, Posted } from './forge.ts';

export type ForgeDialect = {
  readonly name: string;
  readonly abilities: ForgeAbilities;
  readonly headers: (token: string) => Readonly<Record<string, string>>;
  /** Path below the API's address. Pages begin with 1. */
  readonly pagePath: (project: string, commit: string, page: number) => string;
  /** A page with fewer statuses is the last. */
  readonly pageFull: number;
  /** Shape: older before newer; undefined for what is no such answer. An empty answer comes as null. */
  readonly statusesIn: (page: Json) => readonly ForgeStatus[] | undefined;
  readonly postPath: (project: string, commit: string) => string;
  readonly postBody: (status: ForgeStatus) => Json;
  /** Refusals that are no failure. Shape: undefined for all others. */
  readonly refusal: (status: number, message: string) => Posted | undefined;
};
