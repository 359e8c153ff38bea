export { openRedisHarness, type RedisHarness } from './redis-harness';
export { describeRoutingStoreContract } from './store-contract';
export { type CreateHarness, type StoreHarness, TEST_TIMINGS } from './store-harness';
