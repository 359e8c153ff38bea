import { once } from 'node:events';
import { connect } from 'node:net';

/** What an operator types into `redis-cli`. @returns the raw reply */
export async function redisCommand(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${command}\r\n`);
  const [reply] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return reply.toString();
}
