import type { EventLogger } from '@smart-router/logging';
import { type BackOffPolicy, type Clock, PeriodicLoop, type RunResult } from '@smart-router/scheduling';

/** Something that the leader does besides pools and leases, and without which those are as right as with it. */
export interface LeaderTask {
  /** For the log. */
  readonly name: string;
  /** From the end of a run to the next one, unless the run asks for it sooner. */
  readonly intervalMs: number;
  /** One run at a time, while this process leads. @throws where it has to be repeated, or the signal's reason */
  run(signal: AbortSignal): Promise<RunResult>;
}

interface TaskLoopPorts {
  readonly clock: Clock;
  readonly logger: EventLogger;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

const BACK_OFF: BackOffPolicy = { firstMs: 1_000, maxMs: 60_000, jitter: 'half' };

/** Runs the task again and again. An outage is logged when it begins and when it is over, however often it is met. */
export function taskLoop(task: LeaderTask, { clock, logger, random }: TaskLoopPorts): PeriodicLoop {
  const fields = { work: task.name };
  let isFailing = false;
  const job = async (signal: AbortSignal): Promise<RunResult> => {
    const result = await task.run(signal);
    if (isFailing) logger.info(fields, 'leader work succeeds again');
    isFailing = false;
    return result;
  };
  const onFailure = (error: unknown): void => {
    if (!isFailing) logger.warn({ ...fields, err: error }, 'leader work failed, it will be repeated until it succeeds');
    isFailing = true;
  };
  return new PeriodicLoop(job, { intervalMs: task.intervalMs, backOff: BACK_OFF, clock, random, onFailure });
}
