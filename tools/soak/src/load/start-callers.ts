import type { Fleet } from '../fleet/fleet';
import type { HistoryRecorder } from '../history/history-recorder';
import type { SeededRandom } from '@smart-router/testbed';
import { CallDriver } from './call-driver';
import { Caller } from './caller';
import { HttpConnectionPool } from './http-connection-pool';

/** Merchants whose calls take different ways through the tiers. */
const MERCHANT_TIERS: Readonly<Record<string, string>> = { acme: 'gold', globex: 'basic' };
/** The empty one has no config. */
const MERCHANTS = ['', ...Object.keys(MERCHANT_TIERS)];

/** To be called while nothing is broken. @throws where the API refuses */
export async function configureMerchants({ apis: [first] }: Fleet): Promise<void> {
  for (const [merchant, tier] of Object.entries(MERCHANT_TIERS)) {
    const reply = await first?.api.putMerchant(merchant, { tier });
    if (reply?.status !== 200) throw new Error(`${merchant} could not be configured: ${reply?.text}`);
  }
}

export interface CallersOptions {
  readonly count: number;
  /** @returns a source of chance of its own for the client of this number */
  readonly randomOf: (client: number) => SeededRandom;
  readonly recorder: HistoryRecorder;
  readonly stopped: AbortSignal;
}

/** Resolves when all have stopped and all their calls have ended. */
export async function runCallers({ apis }: Fleet, options: CallersOptions): Promise<void> {
  const { count, randomOf, recorder, stopped } = options;
  const routes = apis.map(({ baseUrl }) => ({ url: baseUrl, pool: new HttpConnectionPool(baseUrl) }));
  const callers = Array.from({ length: count }, (_, client) => {
    const random = randomOf(client);
    const merchant = MERCHANTS[client % MERCHANTS.length] ?? '';
    const driver = new CallDriver(client, merchant, routes, recorder, random);
    return new Caller(`soak-${client}`, driver, recorder, random).run(stopped);
  });
  await Promise.all(callers);
  for (const { pool } of routes) pool.close();
}
