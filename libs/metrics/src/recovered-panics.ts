import { counter } from './registry';

/** Unexpected errors that were caught at the edge of the process: each one is a fault to look into. */
export const recoveredPanics = counter({
  name: 'smart_router_panics_recovered_total',
  help: 'Unexpected errors that were answered with 500 or logged instead of ending the process',
});
