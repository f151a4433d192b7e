/** What an operator reads. One constant message, then fields; never a Secret's data, a token or a whole object. */

export type LogFields = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>;

export type Log = {
  /** Everything else. */
  readonly debug: (message: string, fields?: LogFields) => void;
  /** Something changed. */
  readonly info: (message: string, fields?: LogFields) => void;
  /** An operator should act. */
  readonly warn: (message: string, fields?: LogFields) => void;
  /** A bug of ours. */
  readonly error: (message: string, fields?: LogFields) => void;
};

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
