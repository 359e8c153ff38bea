import type { AuditRecord, AuditValue } from '../audit/audit-record';

export const DAY = '86400000';
/** Until when a command may take effect: ever. */
export const NO_LIMIT = String(Number.MAX_SAFE_INTEGER);
const FLEET: readonly (readonly [string, string[], AuditValue[]])[] = [
  ['claimEpoch', [], ['claimed', 1]],
  ['configurePool', ['1', 'gold', 'exclusive', '1'], ['configured', 0]],
  ['configurePool', ['1', 'basic', 'shared', '2'], ['configured', 0]],
  ['registerPod', ['1', 'a', 'first', '1', 'gold', '{}'], ['added', 'gold', []]],
  ['registerPod', ['1', 'b', 'first', '1', 'basic', '{}'], ['added', 'basic', []]],
];

export type Recorded = readonly [operation: string, args: string[], result: AuditValue[]];

/** What the store reports after the pools gold (exclusive, pod a) and basic (two calls, pod b) were made. */
export function recorded(...operations: readonly Recorded[]): AuditRecord[] {
  return [...FLEET, ...operations].map(([operation, args, result], index) => ({
    ...{ sequence: index + 1, timeMs: 1_700_000_000_000 },
    ...{ operation, args, result },
  }));
}

/** The number of a call's only grant is its name. */
const withGrant = (callSid: string, result: AuditValue[]): AuditValue[] =>
  ['allocated', 'existing', 'released'].includes(String(result[0])) ? [...result, Number(callSid)] : result;

export interface Requested {
  readonly provider?: string;
  /** Those whose calls the request may see; '' for all. */
  readonly owners?: string;
}

/** As {@link allocate}, in the name of a provider. */
export const allocateFor = (
  { provider = '', owners = '' }: Requested,
  callSid: string,
  ...result: AuditValue[]
): Recorded => [
  'allocate',
  [callSid, '', '', provider, DAY, DAY, NO_LIMIT, '', owners, 'gold', 'basic'],
  withGrant(callSid, result),
];
export const allocate = (callSid: string, ...result: AuditValue[]): Recorded => allocateFor({}, callSid, ...result);
/** @param upTo '' where it is not repeated */
export const endCall = (callSid: string, owners: string, upTo: string, ...result: AuditValue[]): Recorded => [
  'endCall',
  [callSid, DAY, NO_LIMIT, upTo, owners],
  withGrant(callSid, result),
];
export const release = (callSid: string, ...result: AuditValue[]): Recorded => [
  'release',
  [callSid, NO_LIMIT],
  withGrant(callSid, result),
];
