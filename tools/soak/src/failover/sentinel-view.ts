import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

const HOST = '127.0.0.1';

/** A sentinel as it looks from beside the first master: it names that one's own port, not that of the line before it. */
export interface SentinelView {
  readonly port: number;
  /** Nothing comes through any more, and nobody is notified. */
  cut(): void;
  /** What was open is reset; new connections come through. */
  heal(): void;
  close(): Promise<void>;
}

/** @param rename a port of five digits and what it is called instead, so that lengths stay what they are */
export async function startSentinelView(
  address: string,
  rename: { readonly from: number; readonly to: number },
): Promise<SentinelView> {
  const [from, to] = [`${rename.from}`, `${rename.to}`];
  if (from.length !== to.length) throw new Error(`${from} and ${to} differ in length`);
  const sockets = new Set<Socket>();
  let isCut = false;
  const pipe = (source: Socket, target: Socket, change: (chunk: string) => string): void => {
    sockets.add(source);
    source.setEncoding('latin1');
    source.on('data', (chunk: string) => {
      if (!isCut) target.write(change(chunk), 'latin1');
    });
    source.on('error', () => target.destroy());
    source.on('close', () => {
      sockets.delete(source);
      if (!isCut) target.destroy();
    });
  };
  const server = createServer({ noDelay: true }, (client) => {
    const sentinel = connect({ host: HOST, port: Number(address.split(':')[1]), noDelay: true });
    pipe(client, sentinel, (chunk) => chunk);
    pipe(sentinel, client, (chunk) => chunk.replaceAll(from, to));
  });
  server.listen(0, HOST);
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('a TCP server has a port');
  const reset = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: bound.port,
    cut: () => {
      isCut = true;
    },
    heal: () => {
      reset();
      isCut = false;
    },
    close: async () => {
      isCut = true;
      reset();
      server.close();
      await once(server, 'close');
    },
  };
}
