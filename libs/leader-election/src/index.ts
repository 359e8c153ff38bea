export * from './domain/election-observer';
export * from './domain/election-timings';
export * from './domain/leadership';
export * from './domain/lease-contender';
export * from './domain/lease-elector';
export * from './domain/lease-record';
export * from './domain/sole-leader';
export * from './domain/term-in-office';
