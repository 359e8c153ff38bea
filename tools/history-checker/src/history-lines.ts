import type { CallOperation, OperationName, Result } from './call-operation';

interface HistoryLine {
  readonly client: number;
  readonly op: OperationName;
  readonly call_sid: string;
  readonly invoke_ns: number;
  readonly return_ns: number | null;
  readonly result: Result;
}

/** One operation as one line of a history file, without the end of the line. */
export function formatOperation(operation: CallOperation): string {
  const { client, op, callSid, invokeNs, returnNs, result } = operation;
  const line: HistoryLine = { client, op, call_sid: callSid, invoke_ns: invokeNs, return_ns: returnNs, result };
  return JSON.stringify(line);
}

/** @param text a line made by `formatOperation` */
export function parseOperation(text: string): CallOperation {
  const { client, op, call_sid, invoke_ns, return_ns, result } = JSON.parse(text) as HistoryLine;
  return { client, op, callSid: call_sid, invokeNs: invoke_ns, returnNs: return_ns, result };
}
