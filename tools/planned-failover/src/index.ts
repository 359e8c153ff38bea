export { plannedFailover, type Progress } from './planned-failover';
export { Incomplete, Refusal } from './failures';
export type { Options } from './options';
