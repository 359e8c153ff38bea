export * from './domain/describe-fleet';
export * from './domain/fleet-status-reader';
export * from './domain/plan-tier-change';
