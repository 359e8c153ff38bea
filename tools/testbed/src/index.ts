export type { LogLine } from './apps/app-logs';
export {
  type AppName,
  type AppProcess,
  type FinishedApp,
  PATIENT_LIMITS,
  runToExit,
  SHORT_LIMITS,
  spawnApp,
  type SpawnOptions,
  startApp,
} from './apps/app-process';
export { canFakeClocks, FakedClock } from './clock/faked-clock';
export { createMovedClock, type MovedClock } from './clock/moved-clock';
export { type AbandonedRequest, hangUpMidRequest } from './faults/hang-up';
export { MemoryGroup } from './faults/memory-group';
export { SeededRandom } from './faults/seeded-random';
export { type NameServer, startNameServer } from './names/name-server';
export { type ExitStatus, type StartOptions, TestProcess } from './processes/child-process';
export { freePort } from './processes/free-port';
export { removeWithParent } from './processes/reaper';
export { isAlive } from './processes/process-liveness';
export { waitFor, type WaitOptions } from './processes/wait-for';
export { plivoSignature } from './providers/plivo-signature';
export { type Latency, TcpFaultProxy, type TcpFaultProxyOptions } from './proxy/tcp-fault-proxy';
export { FakeSentinel } from './redis/fake-sentinel';
export { type RedisCluster, startRedisCluster } from './redis/redis-cluster';
export { askRedis } from './redis/redis-inline';
export { type RedisProcess, type RedisProcessOptions, startRedis } from './redis/redis-process';
export { type RedisSentinel, type RedisSentinelOptions, startRedisSentinel } from './redis/redis-sentinel';
export { SlotMigration } from './redis/slot-migration';
export type {
  Allocation,
  ErrorBody,
  Pod,
  SeenComponent,
  Status,
  TierConfig,
  TierConfigChange,
} from './http/api-bodies';
export { ApiClient } from './http/api-client';
export { type HttpReply, type HttpRequest, sendForm, sendJson, sendRequest } from './http/http-client';
export { readMetric } from './http/metrics';
export type { CollectedSpan } from './http/otlp-spans';
export { TraceCollector } from './http/trace-collector';
export { type Fleet, poolTotals } from './fleet/fleet';
export { type FleetBuilder, newFleet } from './fleet/fleet-builder';
