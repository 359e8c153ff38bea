export { MemoryRoutingStore } from './memory-routing-store';
