export { ROUTING_STORE, RoutingStoreModule } from './routing-store.module';
