export * from './domain/leader-controller';
export * from './domain/leadership-facts';
export * from './static-pods/static-pods-check';
