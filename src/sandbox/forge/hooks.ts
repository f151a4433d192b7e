/** The webhooks of a sandbox forge: who wants to hear what, and each event as Gitea sends it. */
import { createHmac } from 'node:crypto';
import { formatJson } from '../../core/json/text.ts';
import { at, isArray, type Json, type JsonObject, textOf } from '../../core/json/value.ts';
import type { Rng } from '../../seam/rng.ts';
import type { ForgeEvent, Pull } from './pull.ts';
import type { Renderer } from './render.ts';

export type Hook = {
  readonly id: number;
  readonly project: string;
  readonly url: string;
  readonly secret: string;
  readonly events: readonly string[];
  readonly isActive: boolean;
};

export type Delivery = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Shape: undefined for what no hook can be made of. */
export function hookIn(body: Json | undefined, id: number, project: string): Hook | undefined {
  const url = textOf(at(body, 'config', 'url'));
  if (url === undefined || URL.parse(url) === null || textOf(at(body, 'config', 'content_type')) !== 'json')
    return undefined;
  const events = at(body, 'events');
  return {
    id,
    project,
    url,
    secret: textOf(at(body, 'config', 'secret')) ?? '',
    events: isArray(events) ? events.flatMap((event) => textOf(event) ?? []) : ['push'],
    isActive: at(body, 'active') === true,
  };
}

export const hookJson = ({ id, url, events, isActive }: Hook): JsonObject => ({
  id,
  type: 'gitea',
  config: { url, content_type: 'json' },
  events,
  active: isActive,
});

export type EventRenderer = Pick<Renderer, 'repository' | 'user'> & { readonly pull: (pull: Pull) => Json };

/** Shape: one for each hook that wants to hear of it. */
export function deliveriesOf(
  event: ForgeEvent,
  hooks: readonly Hook[],
  render: EventRenderer,
  rng: Rng,
): readonly Delivery[] {
  const name = event.kind === 'push' ? 'push' : 'pull_request';
  // More than these two is said of a pull request, under names of their own.
  const type = event.kind === 'pull' && event.action === 'synchronized' ? 'pull_request_sync' : name;
  return hooks
    .filter(({ isActive, events }) => isActive && (events.includes(name) || events.includes(type)))
    .map(({ url, secret, project }) => {
      const body = formatJson(payloadOf(event, project, render));
      return { url, body, headers: headersOf({ name, type, secret, body }, rng) };
    });
}

function payloadOf(event: ForgeEvent, project: string, render: EventRenderer): Json {
  const shared = { repository: render.repository(project), sender: render.user(event.by) };
  switch (event.kind) {
    case 'push':
      return {
        ref: `refs/heads/${event.branch}`,
        before: event.before ?? nothing,
        after: event.after ?? nothing,
        commits: [],
        total_commits: 0,
        pusher: render.user(event.by),
        ...shared,
      };
    case 'pull': {
      const { action, pull } = event;
      return { action, number: pull.number, pull_request: render.pull(pull), ...shared };
    }
  }
}

/** What a branch is that is not there. */
const nothing = '0'.repeat(40);

/** Source: Gitea, `services/webhook/deliver.go`. */
function headersOf(
  sent: { readonly name: string; readonly type: string; readonly secret: string; readonly body: string },
  rng: Rng,
): Readonly<Record<string, string>> {
  const { name, type, secret, body } = sent;
  const delivery = uuidOf(rng);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    'content-type': 'application/json',
    'x-gitea-delivery': delivery,
    'x-gitea-event': name,
    'x-gitea-event-type': type,
    'x-github-delivery': delivery,
    'x-github-event': name,
    ...(secret === '' ? {} : { 'x-gitea-signature': signature, 'x-hub-signature-256': `sha256=${signature}` }),
  };
}

/** Source: RFC 9562, version 4. */
function uuidOf(rng: Rng): string {
  const hex = Buffer.from(rng.bytes(16)).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
