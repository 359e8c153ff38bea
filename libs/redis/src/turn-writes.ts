import { Cluster, type Redis } from 'ioredis';
import type { Socket } from 'node:net';
import type { RedisClient } from './client';

/**
 * Sends the commands of one turn of the event loop in one write per connection: under load many requests arrive in one
 * turn, and the system call is the dearest part of sending a command. Nothing is held back for longer than the turn.
 * The socket's own cork does it, so that order, back pressure and the ways to close stay what they are.
 */
export function writeOncePerTurn(client: RedisClient): void {
  if (client instanceof Cluster) client.on('+node', (node: Redis) => onceConnected(node));
  else onceConnected(client);
}

/** Each connection has a socket of its own. */
function onceConnected(client: Redis): void {
  client.on('connect', () => corkPerTurn(client.stream as Socket));
}

function corkPerTurn(socket: Socket): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let isCorked = false;
  const uncork = (): void => {
    isCorked = false;
    socket.uncork();
  };
  socket.write = (...args: unknown[]): boolean => {
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      setImmediate(uncork);
    }
    return write(...args);
  };
}
