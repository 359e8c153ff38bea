export { ROUTING_STORE, RoutingStoreModule, STORE_RECOVERY } from './routing-store.module';
