export * from './domain/calls';
export * from './domain/config-documents';
export * from './domain/errors';
export * from './domain/fleet-reader';
export * from './domain/names';
export * from './domain/pods';
export * from './domain/pool';
export * from './domain/routing-store';
