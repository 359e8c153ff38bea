export { createMovedClock, type MovedClock } from './clock/moved-clock';
export { FakeSentinel } from './fake-sentinel';
export { type AbandonedRequest, hangUpMidRequest } from './hang-up';
export { MemoryGroup } from './memory-group';
export { type ControlServer, startControlServer } from './proxy/control-server';
export type { Direction } from './proxy/line-conditions';
export { type Latency, TcpFaultProxy, type TcpFaultProxyOptions } from './proxy/tcp-fault-proxy';
export { type RedisSentinel, type RedisSentinelOptions, startRedisSentinel } from './redis-sentinel';
export { SeededRandom } from './seeded-random';
