import type { Latencies } from '../measure/statistics';

/** Whose calls are made: those of one merchant, or of `{prefix}0`, `{prefix}1` … up to `count`. */
export type Merchants =
  | { readonly prefix: string; readonly order: 'one' }
  | { readonly prefix: string; readonly order: 'in turn' | 'random'; readonly count: number };

export function oneMerchant(merchantId: string): Merchants {
  return { prefix: merchantId, order: 'one' };
}

/** Allocates and releases fresh calls; every connection has one request under way at any time. */
export interface ClosedLoop {
  readonly kind: 'closed-loop';
  /** Connections are spread over these evenly. */
  readonly ports: readonly number[];
  readonly connections: number;
  readonly until: { readonly seconds: number } | { readonly cycles: number };
  readonly merchants: Merchants;
}

/** Starts cycles by a clock, whatever has been answered; time counts from when a request was due. */
export interface OpenLoop {
  readonly kind: 'open-loop';
  readonly port: number;
  readonly cyclesPerSecond: number;
  readonly seconds: number;
  readonly merchants: Merchants;
}

/** Sends all requests at once, each on a connection of its own that has yet to be opened. */
export interface Burst {
  readonly kind: 'burst';
  readonly port: number;
  readonly requests: readonly string[];
}

/** Asks the same again and again on one connection. */
export interface Repeated {
  readonly kind: 'repeated';
  readonly port: number;
  readonly request: string;
  readonly seconds: number;
}

export type LoadCommand = ClosedLoop | OpenLoop | Burst | Repeated;

export interface LoadResult {
  /** Cycles, or answers where there are no cycles. */
  readonly done: number;
  readonly seconds: number;
  /** Of the allocations, or of all answers where there are none. */
  readonly latencyMs: Latencies;
  /** Of a burst: what was answered to each request. */
  readonly bodies: readonly string[];
}
