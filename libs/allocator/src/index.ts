export * from './domain/call-allocator';
export * from './domain/call-owners';
export * from './domain/call-releaser';
export * from './domain/observer';
export * from './domain/pod-departure';
export * from './domain/pod-drainer';
export * from './domain/ws-url-template';
export { IDENTIFIER, IDENTIFIER_RULE } from '@smart-router/routing-store';
