import type { Server } from 'node:http';

/** Kept connections become idle one by one, as their last answers end. */
const IDLE_SWEEP_MS = 100;

/**
 * Stops accepting connections and waits for the requests in flight. Idle kept connections are closed all along:
 * waiting for their own timeout would outlast the time that a shutdown has. What is open after `limitMs` is cut, such as
 * a request that a client never finishes: the server's own limits end with it.
 */
export async function closeHttpServer(server: Server, limitMs: number): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const limit = setTimeout(() => server.closeAllConnections(), limitMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearInterval(sweep);
  clearTimeout(limit);
}
