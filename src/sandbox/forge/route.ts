/** What a request to the API of a sandbox forge is made of, once it is known who asks and of which project. */
import type { Json } from '../../core/json/value.ts';
import type { ApiAnswer } from '../api/exchange.ts';
import type { Project } from './project.ts';
import type { Renderer } from './render.ts';

export type Call = {
  readonly project: Project;
  /** Who asks. */
  readonly user: string;
  /** What the route's pattern has found in the path, decoded. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  /** Undefined for what is no JSON. */
  readonly body: Json | undefined;
  readonly render: Renderer;
  readonly pageMax: number;
};

export type ForgeRoute = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Of the path below the project. */
  readonly path: RegExp;
  readonly act: (call: Call) => ApiAnswer | Promise<ApiAnswer>;
};
