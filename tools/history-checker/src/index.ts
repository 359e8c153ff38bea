export { AuditChecker, type AuditVerdict } from './audit/audit-checker';
export { type AuditRecord, parseAuditRecord } from './audit/audit-record';
export type { CallOperation, OperationName, Result } from './call-operation';
export { HistoryChecker, type Verdict } from './history-checker';
export { formatOperation, parseOperation } from './history-lines';
export { type EndState, type GrantCounts, checkEnd, checkGrantCount, type PodAtEnd } from './check-end';
export type { Violation, ViolationKind } from './violation';
