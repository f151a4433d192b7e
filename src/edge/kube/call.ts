/** One question to a cluster: who asks, how long, how often, and what a refusal means. */
import { type Fault, FaultError } from '../../core/model/fault.ts';
import { type Clock, DeadlineError, deadlineOf, sleep } from '../../seam/clock.ts';
import type { NetRequest, NetResponse } from '../../seam/net.ts';
import { jitter, type Rng } from '../../seam/rng.ts';
import { type Answer, readAnswer, TooLargeError } from './answer.ts';
import { type ImpersonatedUser, impersonation } from './identity.ts';
import type { RequestLimit } from './limit.ts';
import type { Link } from './link.ts';
import type { Login } from './login.ts';
import type { ClientOptions } from './options.ts';
import { type About, faultOfAnswer } from './status.ts';

export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, as `path.ts` makes them. */
  readonly path: string;
  readonly about: About;
  readonly accept: string;
  readonly contentType?: string;
  readonly body?: string;
  /** Beside those that every call has. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Statuses beside 2xx that are answers, not faults. */
  readonly expects?: readonly number[];
  /** A question that has to be sent as a POST. A GET always is one. */
  readonly isRead?: boolean;
  /** Leases are not kept waiting: a controller that cannot renew its own must stop. */
  readonly isUrgent?: boolean;
};

/** Both reject with FaultError, or with the reason of the signal. */
export type Caller = {
  /** The whole answer. Reads are tried again; see `ClientOptions`. */
  readonly send: (call: Call, signal: AbortSignal) => Promise<Answer>;
  /** An answer that goes on: tried once, and limited in time until it begins. `stream` ends it. */
  readonly open: (call: Call, stream: AbortController) => Promise<NetResponse>;
};

export type CallerParts = {
  readonly link: Link;
  readonly limit: RequestLimit;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly options: ClientOptions;
};

type Asked = { readonly login: Login; readonly response: NetResponse };

const isGood = (status: number): boolean => status >= 200 && status < 300;

/** Calls as `user`; undefined: as the credentials say. */
export function caller(parts: CallerParts, user: ImpersonatedUser | undefined): Caller {
  const { link, limit, clock, rng, options } = parts;

  const ask = async (call: Call, isStream: boolean, signal: AbortSignal): Promise<Asked> => {
    const { connection, login } = await link.open(signal);
    const as = impersonation(user ?? login.user);
    const request: NetRequest = {
      method: call.method,
      path: login.basePath + call.path,
      headers: {
        accept: call.accept,
        'user-agent': `landfall/${options.version}`,
        ...(call.contentType === undefined ? {} : { 'content-type': call.contentType }),
        ...call.headers,
        ...login.headers,
        ...as.headers,
      },
      ...(as.repeatedHeaders.length === 0 ? {} : { repeatedHeaders: as.repeatedHeaders }),
      ...(call.body === undefined ? {} : { body: call.body }),
      ...(isStream ? { isStream } : {}),
    };
    return { login, response: await connection.request(request, signal) };
  };

  /** A 401 can mean that a token has just been changed: read it anew and ask once more. The first was not acted on. */
  const askTwice = async (call: Call, isStream: boolean, signal: AbortSignal): Promise<NetResponse> => {
    const { login, response } = await ask(call, isStream, signal);
    if (response.status !== 401) return response;
    await readAnswer(response, call.about.doing, options.bodyBytesMax);
    link.forget(login);
    return (await ask(call, isStream, signal)).response;
  };

  const attempt = async (call: Call, signal: AbortSignal): Promise<Answer> => {
    using deadline = deadlineOf(clock, call.timeoutMs ?? options.requestTimeoutMs, signal);
    try {
      const response = await askTwice(call, false, deadline.signal);
      const answer = await readAnswer(response, call.about.doing, options.bodyBytesMax);
      if (isGood(answer.status) || call.expects?.includes(answer.status)) return answer;
      throw new FaultError(faultOfAnswer(answer, call.about));
    } catch (error) {
      throw inTime(error, call);
    }
  };

  const limited = async (call: Call, signal: AbortSignal): Promise<Answer> => {
    if (call.isUrgent === true) return attempt(call, signal);
    const release = await limit.take(signal);
    let isThrottled = false;
    try {
      return await attempt(call, signal);
    } catch (error) {
      isThrottled = error instanceof FaultError && error.fault.kind === 'throttled';
      throw error;
    } finally {
      release(isThrottled);
    }
  };

  const send = async (call: Call, signal: AbortSignal): Promise<Answer> => {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await limited(call, signal);
      } catch (error) {
        const isFinal = !(error instanceof FaultError) || error instanceof TooLargeError;
        if (isFinal || attempts >= options.attemptsMax) throw error;
        const waitMs = retryDelayMs(call, error.fault, attempts, options, rng);
        if (waitMs === undefined) throw error;
        await sleep(clock, waitMs, signal);
      }
    }
  };

  const open = async (call: Call, stream: AbortController): Promise<NetResponse> => {
    const timeoutMs = call.timeoutMs ?? options.requestTimeoutMs;
    const cancel = clock.after(timeoutMs, () => stream.abort(new DeadlineError(timeoutMs)));
    try {
      const response = await askTwice(call, true, stream.signal);
      if (isGood(response.status)) return response;
      throw new FaultError(
        faultOfAnswer(await readAnswer(response, call.about.doing, options.bodyBytesMax), call.about),
      );
    } catch (error) {
      throw inTime(error, call);
    } finally {
      cancel();
    }
  };

  return { send, open };
}

/** A passed deadline as a fault; the caller's own abort and everything else as they are. */
function inTime(error: unknown, call: Call): unknown {
  if (!(error instanceof DeadlineError)) return error;
  return new FaultError({ kind: 'unreachable', detail: `${call.about.doing}: ${error.message}` });
}

/** Undefined: do not try again. */
function retryDelayMs(
  call: Call,
  fault: Fault,
  attempts: number,
  options: ClientOptions,
  rng: Rng,
): number | undefined {
  const isRead = call.isRead ?? call.method === 'GET';
  const backOffMs = jitter(rng, options.retryDelayMs * 2 ** (attempts - 1), 0.5);
  switch (fault.kind) {
    case 'throttled':
      // A 429 is said before the request is looked at, so a write is safe too, once the server has said when.
      if (!isRead && fault.status !== 429) return undefined;
      if (fault.retryAfterMs === undefined) return isRead ? backOffMs : undefined;
      return fault.retryAfterMs > options.retryAfterMsMax ? undefined : fault.retryAfterMs * (1 + 0.2 * rng.next());
    case 'unreachable':
    case 'serverError':
    case 'protocol':
      return isRead ? Math.max(backOffMs, Math.min(fault.retryAfterMs ?? 0, options.retryAfterMsMax)) : undefined;
    default:
      return undefined;
  }
}
