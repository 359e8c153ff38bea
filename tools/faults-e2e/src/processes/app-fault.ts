import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AppProcess, isAlive, waitFor } from '@smart-router/testbed';

export type Fault = 'exception' | 'rejection' | 'memory' | 'busy' | 'silent-dns' | 'silent-dns-from-start';

/** For the environment of an app: it gets ready for this fault. @param nodeOptions more options of Node */
export function readyFor(fault: Fault, nodeOptions = ''): Readonly<Record<string, string>> {
  const preload = pathToFileURL(join(__dirname, 'fault-on-signal.mjs')).href;
  return { FAULT: fault, NODE_OPTIONS: `--import=${preload} ${nodeOptions}` };
}

/** Now the fault happens. */
export function strike({ pid }: AppProcess): void {
  process.kill(pid, 'SIGUSR2');
}

/** Resolves when the process has ended by itself, with how. */
export async function ended(app: AppProcess): ReturnType<AppProcess['stop']> {
  await waitFor(() => !isAlive(app.pid), { timeoutMs: 60_000, description: 'the process to end by itself' });
  return app.stop();
}
