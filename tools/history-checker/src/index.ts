export { AuditJudge, type AuditVerdict } from './audit/audit-judge';
export { type AuditRecord, parseAuditRecord } from './audit/audit-record';
export type { CallOperation, OperationName, Result } from './call-operation';
export { HistoryJudge, type Verdict } from './history-judge';
export { formatOperation, parseOperation } from './history-lines';
export { type EndState, type GrantCounts, judgeEnd, judgeGrantCount, type PodAtEnd } from './judge-end';
export type { Violation, ViolationKind } from './violation';
