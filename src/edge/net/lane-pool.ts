/** The HTTP/2 sessions of one connection: opens them as load asks, and sends each request on the right one. */
import type { NetRequest, NetResponse } from '../../seam/net.ts';
import { chooseLane, isOver, isRoomForLane, type Lane } from './lanes.ts';
import type { Session } from './session.ts';

export type LanePool = {
  /** Errors: FaultError, RefusedError, the signal's reason, or what opening a session threw. */
  readonly send: (request: NetRequest, signal: AbortSignal) => Promise<NetResponse>;
  readonly destroy: () => void;
};

export function lanePool(openSession: () => Promise<Session>, lanesMax: number): LanePool {
  const lanes: Lane[] = [];

  const openLane = (isStream: boolean): Lane => {
    const role = isStream && lanes.length > 0 ? 'streams' : 'mixed';
    const lane: Lane = { role, session: openSession(), opened: undefined, load: 0, streams: 0 };
    lanes.push(lane);
    const leave = (): void => void lanes.splice(lanes.indexOf(lane), 1);
    lane.session.then((session) => {
      lane.opened = session;
      session.ended.then(leave);
    }, leave);
    return lane;
  };

  const sendOn = async (lane: Lane, request: NetRequest, signal: AbortSignal): Promise<NetResponse | 'noRoom'> => {
    const isStream = request.isStream === true;
    const hold = (by: 1 | -1): void => {
      lane.load += by;
      if (isStream) lane.streams += by;
    };
    hold(1);
    try {
      const session = lane.opened ?? (await unlessAborted(lane.session, signal));
      if (!isOver(lane, isStream) || !isRoomForLane(lanes, lanesMax))
        return session.send(request, signal, () => hold(-1));
    } catch (error) {
      hold(-1);
      throw error;
    }
    hold(-1);
    return 'noRoom';
  };

  const send = async (request: NetRequest, signal: AbortSignal): Promise<NetResponse> => {
    for (;;) {
      signal.throwIfAborted();
      const isStream = request.isStream === true;
      const answer = await sendOn(chooseLane(lanes, isStream, lanesMax) ?? openLane(isStream), request, signal);
      if (answer !== 'noRoom') return answer;
    }
  };

  const destroy = (): void => {
    for (const lane of lanes) lane.opened?.destroy();
  };
  return { send, destroy };
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
