/** A status as an event: a CDEvent in a CloudEvent. */
import type { Json } from '../json/value.ts';
import type { CommitSha } from '../model/id.ts';
import type { Context } from './context.ts';
import type { Status } from './status.ts';

export type StatusEvent = {
  /** The same each time that it is sent. */
  readonly id: string;
  /** `/landfall/<installation>/<repository>` */
  readonly source: string;
  readonly repository: string;
  readonly commit: CommitSha;
  readonly context: Context;
  readonly status: Status;
  /** Where a person reads more. */
  readonly url: string | undefined;
  readonly atMs: number;
};

const subjectType = 'landfall-commitstatus';
const type = `dev.cdeventsx.${subjectType}.changed.0.1.0`;

/**
 * Shape: what goes over HTTP in CloudEvents' structured mode.
 *
 * Source: CloudEvents 1.0.2; CDEvents 0.4.1, "Custom Event Types" and "CloudEvents Binding".
 */
export function formatEvent({ id, source, repository, commit, context, status, url, atMs }: StatusEvent): Json {
  const time = new Date(atMs).toISOString();
  const subject = `${commit}/${context}`;
  const { state, cause, text, details } = status;
  const content = { repository, commit, context, state, cause, text, details, ...(url === undefined ? {} : { url }) };
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time,
    datacontenttype: 'application/json',
    data: {
      context: { version: '0.4.1', id, source, type, timestamp: time },
      subject: { id: subject, source, type: subjectType, content },
    },
  };
}
