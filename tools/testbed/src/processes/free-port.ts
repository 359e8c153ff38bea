import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const FIRST_PORT = 10_240;
/** From here on Linux takes the ports of outgoing connections, macOS further up. */
const FIRST_OUTGOING_PORT = 32_768;
const MAX_TRIES = 100;

/**
 * A port of the loopback address that nothing listened on a moment ago. Whoever takes it must be ready to lose it.
 *
 * It is none of those that outgoing connections get: one of these would keep a server that was stopped from taking its
 * port again, for a minute after its end, too.
 * @throws Error where no port was free in many tries
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const port = randomInt(FIRST_PORT, FIRST_OUTGOING_PORT);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port below ${FIRST_OUTGOING_PORT}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
