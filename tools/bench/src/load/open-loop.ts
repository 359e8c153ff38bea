import { latenciesOf } from '../measure/statistics';
import { assertSuccess, CallCycles } from './call-cycles';
import { HttpConnection } from './http-connection';
import type { Burst, LoadResult, OpenLoop } from './load-command';

const TICK_MS = 1;

/**
 * A call that is due is made, however many are still waiting for their answers, and its time counts from when it was
 * due. So a stall of the server shows in every call that fell into it, and so does a late generator.
 */
export async function runOpenLoop(command: OpenLoop): Promise<LoadResult> {
  const { port, cyclesPerSecond, seconds } = command;
  const cycles = new CallCycles(command.merchants);
  const idle: HttpConnection[] = [];
  const latenciesMs: number[] = [];
  const runCycle = async (dueMs: number): Promise<void> => {
    const connection = idle.pop() ?? new HttpConnection(port);
    const callSid = await cycles.allocate(connection);
    latenciesMs.push(performance.now() - dueMs);
    await cycles.release(connection, callSid);
    idle.push(connection);
  };

  const startedMs = performance.now();
  const running: Promise<void>[] = [];
  await byClock(startedMs, 1000 / cyclesPerSecond, cyclesPerSecond * seconds, (dueMs) => running.push(runCycle(dueMs)));
  await Promise.all(running);
  for (const connection of idle) connection.close();
  const elapsed = (performance.now() - startedMs) / 1000;
  return { done: running.length, seconds: elapsed, latencyMs: latenciesOf(latenciesMs), bodies: [] };
}

/** Calls `start` with the time at which each arrival was due, at that time or as soon after as the timer allows. */
function byClock(startMs: number, gapMs: number, count: number, start: (dueMs: number) => void): Promise<void> {
  return new Promise((resolve) => {
    let started = 0;
    const tick = (): void => {
      const nowMs = performance.now();
      while (started < count && startMs + started * gapMs <= nowMs) start(startMs + started++ * gapMs);
      if (started === count) resolve();
      else setTimeout(tick, TICK_MS);
    };
    tick();
  });
}

export async function runBurst({ port, requests }: Burst): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  const bodies = await Promise.all(
    requests.map(async (request) => {
      const connection = new HttpConnection(port);
      const answer = await connection.exchange(request);
      latenciesMs.push(performance.now() - startedMs);
      connection.close();
      assertSuccess(answer);
      return answer.body;
    }),
  );
  const latencyMs = latenciesOf(latenciesMs);
  return { done: bodies.length, seconds: latencyMs.max / 1000, latencyMs, bodies };
}
