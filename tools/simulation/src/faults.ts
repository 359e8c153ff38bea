import type { SeededRandom } from '@smart-router/testbed';
import type { LineQuality } from './connection';

export type Fault =
  /** Another server takes over, which lacks the last `lostMs` of the history, or everything. */
  | {
      readonly kind: 'fail-over';
      readonly atMs: number;
      readonly lostMs: number;
      readonly isEmpty: boolean;
      readonly awayMs: number;
      /** By process. */
      readonly reconnectMs: readonly number[];
    }
  /** All data are gone, and every connection lasts. */
  | { readonly kind: 'flush'; readonly atMs: number }
  /** One process loses its connection; what it had sent may still arrive. */
  | { readonly kind: 'cut'; readonly atMs: number; readonly process: number; readonly awayMs: number }
  | { readonly kind: 'pause'; readonly atMs: number; readonly process: number; readonly ms: number }
  | { readonly kind: 'kill'; readonly atMs: number; readonly process: number }
  | { readonly kind: 'join'; readonly atMs: number };

export type Scenario = 'all processes live' | 'processes die';

export interface Plan {
  readonly scenario: Scenario;
  /** Callers make calls for that time. Long runs have journals that are full when the store is lost. */
  readonly callsUntilMs: number;
  readonly quality: LineQuality;
  readonly faults: readonly Fault[];
}

/** A process that lives is back within this time after a loss: it is waited for 5 s. */
const LONGEST_ABSENCE_MS = 4_000;

/** Of all runs. */
const LONG_SHARE = 0.1;
const LONGEST_RECONNECT_MS = 2_000;
const SHORTEST_HOLD_MS = 1_000;

/** What goes wrong in one run. A loss comes in nearly every one, in some of them another one soon after it. */
export function planFaults(random: SeededRandom): Plan {
  const scenario: Scenario = random.chance(0.25) ? 'processes die' : 'all processes live';
  const isBadLine = random.chance(0.4);
  const quality = { slow: isBadLine ? 0.02 : 0, lostReply: isBadLine ? 0.01 : 0 };
  const isLong = random.chance(LONG_SHARE);
  const [firstMs, lastMs] = isLong ? [40_000, 56_000] : [4_000, 12_000];
  const faults = [...losses(random, firstMs, lastMs), ...nuisances(random)];
  if (scenario === 'processes die') {
    faults.push({ kind: 'kill', atMs: random.between(3_000, 16_000), process: random.between(0, 2) });
  }
  return { scenario, callsUntilMs: isLong ? 62_000 : 18_000, quality, faults };
}

function losses(random: SeededRandom, firstMs: number, lastMs: number): Fault[] {
  const faults: Fault[] = [];
  const atMs = random.between(firstMs, lastMs);
  // A process that starts may be the first to meet an emptied store: the others must be back within the shortest hold.
  const isJoined = random.chance(0.2);
  if (isJoined) faults.push({ kind: 'join', atMs: random.between(2_000, 16_000) });
  const latestMs = isJoined ? SHORTEST_HOLD_MS - 100 : LONGEST_RECONNECT_MS;
  if (random.chance(0.97)) faults.push(loss(random, atMs, latestMs));
  if (random.chance(0.3)) faults.push(loss(random, atMs + random.between(50, 6_000), latestMs));
  // While processes replay.
  if (random.chance(0.3)) faults.push({ ...nuisance(random), atMs: atMs + random.between(0, 4_000) });
  return faults;
}

const nuisances = (random: SeededRandom): Fault[] =>
  Array.from({ length: random.between(0, 2) }, () => nuisance(random));

function loss(random: SeededRandom, atMs: number, latestMs: number): Fault {
  if (random.chance(0.12)) return { kind: 'flush', atMs };
  return {
    kind: 'fail-over',
    atMs,
    lostMs: random.chance(0.7) ? random.between(0, 1_500) : random.between(0, 10_000),
    isEmpty: random.chance(0.12),
    awayMs: random.between(0, 2_000),
    reconnectMs: Array.from({ length: 4 }, () => random.between(5, random.chance(0.3) ? latestMs : 300)),
  };
}

function nuisance(random: SeededRandom): Fault {
  const atMs = random.between(2_000, 16_000);
  const process = random.between(0, 3);
  if (random.chance(0.4)) return { kind: 'pause', atMs, process, ms: random.between(50, LONGEST_ABSENCE_MS / 2) };
  return { kind: 'cut', atMs, process, awayMs: random.between(10, 1_500) };
}
