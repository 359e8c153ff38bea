export { OPERATOR, setMerchantConfig, TIER_CONFIG_PUT } from './configuration';
export { interceptedStore, type StoreOperation, type StoreOperations, withOperations } from './intercepted-store';
export { agedEndMark, keysOf, openRedisHarness, type RedisHarness } from './redis-harness';
export { keyViolations } from './redis-integrity';
export { describeRoutingStoreContract } from './store-contract';
export { type CreateHarness, type StoreHarness, TEST_TIMINGS } from './store-harness';
export { snapshotOf, type StoreSnapshot, violationsOf } from './store-snapshot';
