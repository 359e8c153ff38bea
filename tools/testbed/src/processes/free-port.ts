import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of the loopback address that nothing listened on a moment ago. Whoever takes it must be ready to lose it. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  server.close();
  await once(server, 'close');
  return address.port;
}
