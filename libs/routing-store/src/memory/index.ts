export { MemoryRoutingStore, type MemoryStoreOptions } from './memory-routing-store';
