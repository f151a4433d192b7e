/** An HTTP/2 connection that offers fewer streams than the server behind it would take. */
import type net from 'node:net';
import { Duplex } from 'node:stream';

const frameHeaderBytes = 9;
const settingBytes = 6;
const settingsFrame = 4;
const maxConcurrentStreams = 3;

/**
 * `socket` with the limit in the server's first SETTINGS frame set to `streamsMax`.
 *
 * Node frees the place of a stream some time after it has ended, and takes a client that uses the place at once for an
 * attacker. So the server takes more streams than it offers. Source: RFC 9113, 6.5.
 */
export function modestSocket(socket: net.Socket, streamsMax: number): Duplex {
  let isFirst = true;
  const send = (bytes: Buffer, done: (error?: Error | null) => void): void => {
    if (isFirst) limitStreams(bytes, streamsMax);
    isFirst = false;
    socket.write(bytes, done);
  };
  const duplex = new Duplex({
    read: () => socket.resume(),
    write: (bytes: Buffer, _encoding, done) => send(bytes, done),
    writev: (chunks, done) => send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done),
    final: (done) => socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (bytes: Buffer) => {
    if (!duplex.push(bytes)) socket.pause();
  });
  socket.on('end', () => duplex.push(null));
  socket.on('close', () => duplex.destroy());
  return duplex;
}

function limitStreams(bytes: Buffer, streamsMax: number): void {
  if (bytes.length < frameHeaderBytes || bytes[3] !== settingsFrame) return;
  const end = Math.min(bytes.length, frameHeaderBytes + bytes.readUIntBE(0, 3));
  for (let at = frameHeaderBytes; at + settingBytes <= end; at += settingBytes) {
    if (bytes.readUInt16BE(at) === maxConcurrentStreams) bytes.writeUInt32BE(streamsMax, at + 2);
  }
}
