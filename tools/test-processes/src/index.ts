export type { LogLine } from './app-logs';
export { type AppName, type AppProcess, runToExit, startApp, type FinishedApp } from './app-process';
export type { ExitStatus } from './child-process';
export { type RedisCluster, startRedisCluster } from './redis-cluster';
export { type RedisProcess, type RedisProcessOptions, startRedis } from './redis-process';
export { waitFor, type WaitOptions } from './wait-for';
