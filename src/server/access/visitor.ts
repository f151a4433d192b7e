/** Somebody who may look. */
export type Visitor = {
  /** Empty: whoever has the token. */
  readonly name: string;
  /** When that ends; undefined: what shows who they are comes with each request. */
  readonly endMs: number | undefined;
};
