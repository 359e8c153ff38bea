import { Caller } from './callers';
import type { Fleet } from './fleet';
import { checkOutcome, type Outcome } from './outcome';
import { sleep } from '../clock';
import { endGap, noFigures } from './recorded-call';

export const CLIENTS_PER_API = 6;
const QUIET_MS = 15_000;

export interface LoadOptions {
  /** How long calls are made before the fault. Default 3 s. */
  readonly beforeMs?: number;
  /** How long they are made when it is over. Default 9 s, as the leader takes up to 5 s to notice that everything was flushed. */
  readonly afterMs?: number;
}

/** Calls at all processes, the fault among them, and a verdict by what the clients saw alone. */
export async function runLoad(
  fleet: Fleet,
  happen: () => Promise<unknown>,
  { beforeMs = 3_000, afterMs = 9_000 }: LoadOptions,
): Promise<Outcome> {
  const figures = fleet.apis.map(noFigures);
  const callers = fleet.apis.flatMap(({ baseUrl }, api) =>
    Array.from(
      { length: CLIENTS_PER_API },
      (_, index) => new Caller(api * CLIENTS_PER_API + index, baseUrl, figures[api] ?? noFigures()),
    ),
  );
  const stop = new AbortController();
  const running = Promise.all(callers.map((caller) => caller.run(stop.signal)));
  try {
    await sleep(beforeMs);
    await happen();
    await sleep(afterMs);
  } finally {
    stop.abort();
    figures.forEach(endGap);
    await running;
  }
  const outageMs = Math.max(...figures.map(({ longestGapMs }) => longestGapMs));
  const calls = callers.flatMap((caller) => caller.calls);
  return checkOutcome({ fleet, calls, figures, outageMs, quietMs: QUIET_MS });
}
