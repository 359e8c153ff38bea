import { createServer, type ListenOptions, type Server } from 'node:net';

/** A server cannot listen, since another process does, or since this user may not. */
class PortUnavailableError extends Error {
  readonly code = 'PORT_UNAVAILABLE';

  constructor(port: number, variable: string, cause: NodeJS.ErrnoException) {
    super(`port ${port} ${remedy(cause.code, variable)}`, { cause });
  }
}

function remedy(code: string | undefined, variable: string): string {
  if (code === 'EADDRINUSE')
    return `is in use by another process: stop that process or set ${variable} to another port`;
  if (code === 'EACCES') return `may not be listened on by this user (EACCES): set ${variable} to a port above 1023`;
  if (code === 'EMFILE') return `cannot be listened on (EMFILE): this process may not open more files (ulimit -n)`;
  return `cannot be listened on (${code}): set ${variable} to another port`;
}

/** Runs `listen`, and turns its failure into one that names the port and the variable that sets it. */
export async function listening<T>(port: number, variable: string, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.syscall !== 'listen') throw error;
    throw new PortUnavailableError(port, variable, failure);
  }
}

/**
 * Finds out early that a port is taken: before a store is connected, and before a leader that cannot serve does work.
 */
export async function probePort(host: string, port: number): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await openServer(probe, { host, port, exclusive: true });
  await new Promise((resolve) => probe.close(resolve));
}

/** @returns when the server listens @throws the error of `listen`, as `EADDRINUSE` */
export function openServer(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
