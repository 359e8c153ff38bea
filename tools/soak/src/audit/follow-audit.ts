import type { AuditChecker, AuditRecord } from '@smart-router/history-checker';
import { nowNs, sleep } from '../clock';
import type { AuditReader } from './audit-reader';

/** Far sooner than the store drops what it has written. */
const READ_INTERVAL_MS = 250;

/**
 * Hands the audit to its checker while the run lasts, until stopped; then once more to the end.
 * @param oldestNs says before which moment no operation was sent that is still to be recorded
 * @returns how many grants the store has given
 */
export async function followAudit(
  reader: AuditReader,
  checker: AuditChecker,
  oldestNs: () => number,
  stopped: AbortSignal,
): Promise<number> {
  let granted = 0;
  const take = (record: AuditRecord): void => {
    if (record.operation === 'allocate' && record.result[0] === 'allocated') granted += 1;
    checker.addRecord(record);
  };
  while (!stopped.aborted) {
    await sleep(READ_INTERVAL_MS);
    const startNs = nowNs();
    await reader.drain(take);
    checker.advance(startNs, oldestNs());
  }
  await reader.drain(take);
  return granted;
}
