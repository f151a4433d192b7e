/** One port that speaks HTTP/1.1 and, to clients that know beforehand, HTTP/2 without encryption. */
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { exchange, type Incoming, type Outgoing, type Router } from './exchange-http.ts';
import { modestSocket } from './modest-socket.ts';

export type Listener = { readonly url: string; readonly close: () => Promise<void> };

/** What every HTTP/2 connection begins with, and no HTTP/1.1 one. */
const preface = Buffer.from('PRI * HTTP/2.0');
// As kube-apiserver offers; a client that wants more opens a second connection.
const streamsOffered = 100;
const streamsTaken = 200;
const windowBytes = 1024 * 1024;
// A hundred lists of large collections may wait for one slow reader; Node would turn new requests away at 10.
const sessionMegabytesMax = 1_000;

/** Listens on the loopback interface only. `port` 0 takes a free one. Errors: as `net.Server.listen`. */
export async function listen(route: Router, port: number): Promise<Listener> {
  const answer = (incoming: Incoming, outgoing: Outgoing): void => void exchange(incoming, outgoing, route);
  const plain = http.createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, answer);
  const multiplexed = http2.createServer(
    {
      settings: { maxConcurrentStreams: streamsTaken, initialWindowSize: windowBytes },
      maxSessionMemory: sessionMegabytesMax,
    },
    answer,
  );
  multiplexed.on('session', (session) => session.setLocalWindowSize(windowBytes));
  multiplexed.on('sessionError', () => {});

  const sockets = new Set<net.Socket>();
  const front = net.createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    // A client that goes away in the middle of anything is no news.
    socket.on('error', () => socket.destroy());
    sort(socket, (isMultiplexed) => {
      if (isMultiplexed) multiplexed.emit('connection', modestSocket(socket, streamsOffered));
      else plain.emit('connection', socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject);
    front.listen(port, '127.0.0.1', resolve);
  });
  const address = front.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => front.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Reads just enough of a connection to tell its version, and puts it back. */
function sort(socket: net.Socket, decide: (isMultiplexed: boolean) => void): void {
  let head = Buffer.alloc(0);
  const onReadable = (): void => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    head = Buffer.concat([head, chunk]);
    const compared = Math.min(head.length, preface.length);
    const isSame = head.subarray(0, compared).equals(preface.subarray(0, compared));
    if (isSame && head.length < preface.length) return;
    socket.off('readable', onReadable);
    socket.unshift(head);
    decide(isSame);
  };
  socket.on('readable', onReadable);
}
