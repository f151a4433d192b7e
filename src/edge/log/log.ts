/** The log of a process: one JSON object a line, to standard error. */
import type { Log, LogFields } from '../../seam/log.ts';
import { isSecretName, maskedValue, maskText } from './mask.ts';

/** From the fewest lines to the most. */
export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export type LogSettings = {
  readonly level: LogLevel;
  /** Where lines go; standard error when absent. */
  readonly write?: (line: string) => void;
};

/**
 * Opens the log.
 *
 * Shape: `{"level","time","message",…fields}`, times in UTC. Lines are written before the call returns, so that the last
 *   one before a crash is there. Values of fields that are named like secrets, and texts that look like one, are masked.
 */
export async function openLog({ level, write }: LogSettings): Promise<Log> {
  // Loaded when needed: most commands end without a line.
  const { pino } = await import('pino');
  const target = write === undefined ? pino.destination({ dest: 2, sync: true }) : { write };
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    target,
  );
  return {
    debug: (message, fields) => logger.debug(safeFields(fields), message),
    info: (message, fields) => logger.info(safeFields(fields), message),
    warn: (message, fields) => logger.warn(safeFields(fields), message),
    error: (message, fields) => logger.error(safeFields(fields), message),
  };
}

/** Names that every line has; a field of the same name would stand there twice. */
const ownNames: ReadonlySet<string> = new Set(['level', 'time', 'message']);

function safeFields(fields: LogFields = {}): LogFields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[ownNames.has(name) ? `${name}_` : name, safeValue(name, value)]],
    ),
  );
}

function safeValue(name: string, value: NonNullable<LogFields[string]>): NonNullable<LogFields[string]> {
  if (isSecretName(name)) return maskedValue;
  if (typeof value === 'string') return maskText(value);
  return typeof value === 'object' ? value.map(maskText) : value;
}
