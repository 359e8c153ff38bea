import { type HistoryChecker, checkEnd } from '@smart-router/history-checker';
import { waitFor } from '@smart-router/testbed';
import type { Fleet } from '../fleet/fleet';
import { readPods, readTotals } from '../fleet/read-pods';

/** Several times the intervals of cleanup and reconcile: what has not healed by then is lost. */
const QUIET_TIMEOUT_MS = 20_000;

/** When all calls have ended: waits until the fleet is idle, and reports what is not. */
export async function checkQuietFleet(fleet: Fleet, checker: HistoryChecker): Promise<void> {
  const { podNames } = fleet.plan;
  const isIdle = async (): Promise<boolean> => {
    const { available, activeCalls } = await readTotals(fleet.apis);
    return available === podNames.length && activeCalls === 0;
  };
  await waitFor(isIdle, { timeoutMs: QUIET_TIMEOUT_MS, description: 'an idle fleet' }).catch(() => {
    // What is not idle is reported below, by name.
  });
  const { activeCalls, available } = await readTotals(fleet.apis);
  const pods = (await readPods(fleet.apis)).map(({ pod_name, status, calls }) => ({
    pod: pod_name,
    isAvailable: status === 'available',
    calls,
  }));
  for (const leak of checkEnd(podNames, { activeCalls, pods })) checker.report(leak);
  if (available !== podNames.length) {
    const message = `${available} of ${podNames.length} pods may be given to calls`;
    checker.report({ kind: 'leak', message, operations: [] });
  }
}
