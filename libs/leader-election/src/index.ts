export * from './domain/election-timings';
export * from './domain/leadership';
export * from './domain/lease-contender';
export * from './domain/leader-elector';
export * from './domain/lease-record';
export * from './domain/static-leadership';
export * from './domain/leader-term';
