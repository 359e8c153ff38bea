export type { LogLine } from './app-logs';
export {
  type AppName,
  type AppProcess,
  PATIENT_LIMITS,
  runToExit,
  SHORT_LIMITS,
  spawnApp,
  startApp,
  type FinishedApp,
  type SpawnOptions,
} from './app-process';
export { type ExitStatus, type StartOptions, TestProcess } from './child-process';
export { freePort } from './free-port';
export { type RedisCluster, startRedisCluster } from './redis-cluster';
export { askRedis } from './redis-inline';
export { type RedisProcess, type RedisProcessOptions, startRedis } from './redis-process';
export { SlotMigration } from './slot-migration';
export { waitFor, type WaitOptions } from './wait-for';
