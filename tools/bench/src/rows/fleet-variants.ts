import { EXCLUSIVE, SHARED } from '../floor/fleet-names';
import { type Merchants, oneMerchant } from '../load/load-command';
import type { BenchContext } from './bench-context';
import { Fleet } from './fleet';
import { startApi } from './standard-fleet';

export interface FleetVariant {
  /** In each of the two pools. */
  readonly pods: number;
  readonly merchants: number;
  /** Live calls, all on the shared pool. */
  readonly calls: number;
}

const MIDDLE = { pods: 1_000, merchants: 10, calls: 0 };

/** Each differs from the middle one in one number. */
export const VARIANTS = {
  fewPods: { ...MIDDLE, pods: 10 },
  middle: MIDDLE,
  manyPods: { ...MIDDLE, pods: 100_000 },
  manyMerchants: { ...MIDDLE, merchants: 100_000 },
  manyCalls: { ...MIDDLE, calls: 100_000 },
} as const satisfies Record<string, FleetVariant>;

export type VariantName = keyof typeof VARIANTS;

/** Leaves room on the shared pods when 100,000 calls are on 1,000 of them. */
const MAX_CONCURRENT = 200;

/** The smallest fleet has 10 pods for them. */
const WARM_UP_CONNECTIONS = 8;

export interface GrownFleet {
  readonly fleet: Fleet;
  readonly port: number;
  readonly variant: FleetVariant;
}

/** Fills a fleet and starts an API on it, which has heard of every merchant once. */
export async function serveVariant(context: BenchContext, variant: FleetVariant): Promise<GrownFleet> {
  const { pods, merchants, calls } = variant;
  const fleet = await Fleet.start({ exclusivePods: pods, sharedPods: pods, maxConcurrent: MAX_CONCURRENT });
  await fleet.registerPods();
  await fleet.addMerchants(merchants);
  const { port } = await startApi(fleet);
  await fleet.addCalls(calls);
  const warmUp = (of: Merchants, until: { seconds: number } | { cycles: number }) =>
    context.load.ask({ kind: 'closed-loop', ports: [port], connections: WARM_UP_CONNECTIONS, until, merchants: of });
  for (const { merchant } of [EXCLUSIVE, SHARED]) {
    await warmUp(oneMerchant(merchant), { seconds: context.plan.fleetWarmUpSeconds });
  }
  await warmUp({ prefix: 'm-', order: 'in turn', count: merchants }, { cycles: merchants });
  return { fleet, port, variant };
}
