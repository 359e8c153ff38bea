import type { AuditJudge, AuditRecord } from '@smart-router/history-checker';
import { nowNs, sleep } from '../clock';
import type { AuditReader } from './audit-reader';

/** Far sooner than the store drops what it has told. */
const READ_INTERVAL_MS = 250;

/**
 * Hands the audit to its judge while the run goes on, until told to stop; then once more to the end.
 * @param oldestNs tells before which moment no operation was sent that is still to be recorded
 * @returns how many grants the store has given
 */
export async function followAudit(
  reader: AuditReader,
  judge: AuditJudge,
  oldestNs: () => number,
  stopped: AbortSignal,
): Promise<number> {
  let granted = 0;
  const take = (record: AuditRecord): void => {
    if (record.operation === 'allocate' && record.result[0] === 'allocated') granted += 1;
    judge.addRecord(record);
  };
  while (!stopped.aborted) {
    await sleep(READ_INTERVAL_MS);
    const startNs = nowNs();
    await reader.drain(take);
    judge.advance(startNs, oldestNs());
  }
  await reader.drain(take);
  return granted;
}
