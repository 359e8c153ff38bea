import { type AppProcess, type Fleet, newFleet } from '@smart-router/testbed';

export const POD_COUNT = 6;

/** A Redis and a leader; every pod takes one call. Tests start the processes of the API themselves. */
export const startFleet = (): Promise<Fleet> => newFleet().pods(POD_COUNT).workers(1).start();

/** How many calls live, as this process sees it. */
export async function activeCalls({ api }: Pick<AppProcess, 'api'>): Promise<number> {
  return (await api.status()).body.active_calls;
}
