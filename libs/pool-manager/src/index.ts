export * from './domain/leader-observer';
export * from './domain/leader-controller';
export * from './domain/leadership-facts';
export * from './domain/pod-source';
export * from './static-pods/static-pod-source';
export * from './static-pods/static-pods-check';
