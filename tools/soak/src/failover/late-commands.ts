import type { Fleet } from './fleet';
import { checkOutcome, type Outcome } from './outcome';
import { endGap, noFigures, RecordedCall } from './recorded-call';
import type { LineSetup } from './redis-setup';

const CLIENTS = 16;
const LOAD_MS = 20_000;
/** More than a command may take, and less than a caller waits before it asks elsewhere and has ended its call. */
const DELAY = { ms: 900, jitterMs: 600, direction: 'requests' } as const;
/** A grant whose outcome is unknown is ended when its caller did not come back within 30 s. */
const QUIET_MS = 45_000;

/**
 * What one process sends to Redis arrives when its callers have had a 504 for long, have got a pod elsewhere and have
 * released it there. Nothing that arrives then may take a pod.
 */
export async function delayCommands({ line }: LineSetup, fleet: Fleet): Promise<Outcome> {
  const [slow, ...others] = fleet.apis;
  const figures = noFigures();
  const calls: RecordedCall[] = [];
  const endMs = performance.now() + LOAD_MS;
  const run = async (client: number): Promise<void> => {
    const other = others[client % others.length] ?? slow;
    while (performance.now() < endMs) {
      const call = new RecordedCall(`late-${calls.length}`, client, figures);
      calls.push(call);
      await call.ask(slow.baseUrl, 'allocate');
      await call.untilKnown(other.baseUrl, 'allocate');
      await call.untilKnown(other.baseUrl, 'release');
    }
  };
  line.latency(DELAY);
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => run(client)));
  endGap(figures);
  await line.heal();
  return checkOutcome({ fleet, calls, figures: [figures], outageMs: figures.longestGapMs, quietMs: QUIET_MS });
}
