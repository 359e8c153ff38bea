import { latenciesOf } from '../measure/statistics';
import { assertSuccess, CallCycles } from './call-cycles';
import { HttpConnection } from './http-connection';
import type { ClosedLoop, LoadResult, Repeated } from './load-command';

export async function runClosedLoop(command: ClosedLoop): Promise<LoadResult> {
  const cycles = new CallCycles(command.merchants);
  const latenciesMs: number[] = [];
  const more = stopRule(command.until);
  const runConnection = async (port: number): Promise<void> => {
    const connection = new HttpConnection(port);
    while (more()) {
      const startedMs = performance.now();
      const callSid = await cycles.allocate(connection);
      latenciesMs.push(performance.now() - startedMs);
      await cycles.release(connection, callSid);
    }
    connection.close();
  };

  const startedMs = performance.now();
  const ports = Array.from(
    { length: command.connections },
    (_, i) => command.ports[i % command.ports.length] as number,
  );
  await Promise.all(ports.map(runConnection));
  return result(latenciesMs, startedMs);
}

export async function runRepeated({ port, request, seconds }: Repeated): Promise<LoadResult> {
  const connection = new HttpConnection(port);
  const latenciesMs: number[] = [];
  const more = stopRule({ seconds });
  const startedMs = performance.now();
  while (more()) {
    const sentMs = performance.now();
    assertSuccess(await connection.exchange(request));
    latenciesMs.push(performance.now() - sentMs);
  }
  connection.close();
  return result(latenciesMs, startedMs);
}

/** @returns whether another one is to be started */
function stopRule(until: ClosedLoop['until']): () => boolean {
  if ('seconds' in until) {
    const endMs = performance.now() + until.seconds * 1000;
    return () => performance.now() < endMs;
  }
  let left = until.cycles;
  return () => left-- > 0;
}

function result(latenciesMs: readonly number[], startedMs: number): LoadResult {
  const seconds = (performance.now() - startedMs) / 1000;
  return { done: latenciesMs.length, seconds, latencyMs: latenciesOf(latenciesMs), bodies: [] };
}
