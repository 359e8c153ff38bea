export { RedisRoutingStore, type RedisStoreOptions } from './redis-routing-store';
