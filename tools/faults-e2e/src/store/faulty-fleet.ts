import {
  type Allocation,
  type AppProcess,
  type ErrorBody,
  type Fleet,
  type HttpReply,
  newFleet,
  type RedisProcessOptions,
  waitFor,
} from '@smart-router/testbed';

export const POD_COUNT = 6;
const READY_TIMEOUT_MS = 20_000;

/** An API process whose line to Redis can be made bad, another one and a leader with a good line. */
export interface FaultyFleet extends Pick<Fleet, 'redis' | 'proxy'> {
  /** Reaches Redis through `proxy`. */
  readonly faulty: AppProcess;
  readonly healthy: AppProcess;
  readonly leader: AppProcess;
  /** Waits until so many pods may take a call, and each of the others has one. */
  hasAvailable(count: number): Promise<void>;
  stop(): Promise<void>;
}

export interface FaultyFleetOptions {
  readonly redis?: RedisProcessOptions;
  /** Of the apps, on top of patient limits. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of `faulty` alone, on top of that. */
  readonly faultyEnv?: Readonly<Record<string, string>>;
}

/** Resolves when all pods, each for one call, are registered. */
export async function startFaultyFleet(options: FaultyFleetOptions = {}): Promise<FaultyFleet> {
  const { redis = {}, env = {}, faultyEnv = {} } = options;
  const all = newFleet()
    .pods(POD_COUNT)
    .redis(redis)
    .env({ RECONCILE_INTERVAL: '1s', ...env });
  const started = await all.workers(1).apis(1).apisBehindProxy(1, faultyEnv).start();
  const [leader, healthy, faulty] = [...started.workers, ...started.apis] as [AppProcess, AppProcess, AppProcess];
  const hasAvailable = (count: number): Promise<void> => started.hasAvailable(count, healthy);
  const stop = (): Promise<void> => started.stop();
  return { redis: started.redis, proxy: started.proxy, faulty, healthy, leader, hasAvailable, stop };
}

/** Repeats the allocation until it is decided, as a provider repeats its webhook. */
export async function allocateAtLast({ api }: AppProcess, callSid: string): Promise<HttpReply<Allocation & ErrorBody>> {
  return waitFor(
    async () => {
      const answer = await api.allocate(callSid);
      return answer.status === 200 && answer;
    },
    { timeoutMs: READY_TIMEOUT_MS, description: `${callSid} to get a pod` },
  ) as Promise<HttpReply<Allocation & ErrorBody>>;
}
