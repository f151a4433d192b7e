/** Which HTTP/2 session carries a request, and when to open one more. */
import type { Session } from './session.ts';

/**
 * A session, perhaps still being opened, and what is promised to it. Short requests keep to `mixed` lanes, which carry
 * a few streams too, so that a cluster with ten watches needs one connection; more streams get lanes of their own.
 */
export type Lane = {
  readonly role: 'mixed' | 'streams';
  readonly session: Promise<Session>;
  /** Set when `session` is here. */
  opened: Session | undefined;
  /** Requests that are open or wait for the session, streams among them. */
  load: number;
  streams: number;
};

// Assumed while a session is being opened; kube-apiserver's own figure.
const streamsMaxAssumed = 100;

// A server answers nothing to the request above its limit, it waits: so a tenth is left free.
const room = (lane: Lane): number => {
  const max = lane.opened?.streamsMax() ?? streamsMaxAssumed;
  return Math.max(1, max < 10 ? max : Math.floor(max * 0.9));
};

const streamRoom = (lane: Lane): number =>
  lane.role === 'streams' ? room(lane) : Math.max(1, Math.floor(room(lane) / 4));

const isUsable = (lane: Lane): boolean => lane.opened === undefined || lane.opened.isOpen();

/** Would one more fit? */
export const hasRoom = (lane: Lane, isStream: boolean): boolean =>
  isUsable(lane) && lane.load < room(lane) && (isStream ? lane.streams < streamRoom(lane) : lane.role === 'mixed');

/** Does the lane hold more than the server lets it, now that the server has said? */
export const isOver = (lane: Lane, isStream: boolean): boolean =>
  !isUsable(lane) || lane.load > room(lane) || (isStream && lane.streams > streamRoom(lane));

/** The lane to use: the first with room; the emptiest when no more may be opened; undefined: open one. */
export function chooseLane(lanes: readonly Lane[], isStream: boolean, lanesMax: number): Lane | undefined {
  const free = lanes.find((lane) => hasRoom(lane, isStream));
  if (free !== undefined || isRoomForLane(lanes, lanesMax)) return free;
  // Node holds requests back above the server's limit, so this waits rather than fails.
  return lanes.filter(isUsable).toSorted((a, b) => a.load - b.load)[0];
}

/** Lanes that drain do not count: they end by themselves. */
export const isRoomForLane = (lanes: readonly Lane[], lanesMax: number): boolean =>
  lanes.filter(isUsable).length < lanesMax;
