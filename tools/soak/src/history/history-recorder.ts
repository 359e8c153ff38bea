import { createWriteStream, type WriteStream } from 'node:fs';
import {
  type AuditChecker,
  type CallOperation,
  formatOperation,
  type HistoryChecker,
  type OperationName,
  type Result,
} from '@smart-router/history-checker';
import { nowNs } from '../clock';

/** How many calls end between two sweeps of what has become certain. */
const CALLS_PER_SWEEP = 1_000;
const KEPT_SURPRISES = 20;

/** Everything that was asked about one call. */
export class OpenCall {
  readonly operations: CallOperation[] = [];

  constructor(
    readonly callSid: string,
    readonly openedNs: number,
  ) {}
}

export interface HistoryFigures {
  operations: number;
  /** New grants that clients were shown. */
  freshGrants: number;
  /** Allocations whose result nobody knows. */
  unknownAllocations: number;
  /** By what clients were answered. */
  readonly results: Record<string, number>;
}

/** Keeps the operations of calls until they end, then has them checked and writes them to the history file. */
export class HistoryRecorder {
  readonly figures: HistoryFigures = { operations: 0, freshGrants: 0, unknownAllocations: 0, results: {} };
  /** Answers that the API must not give, the first ones. */
  readonly surprises: string[] = [];
  surpriseCount = 0;
  private readonly file: WriteStream;
  /** In the order in which they were opened. */
  private readonly open = new Set<OpenCall>();
  private endedCalls = 0;

  constructor(
    private readonly checker: HistoryChecker,
    private readonly auditChecker: AuditChecker,
    path: string,
  ) {
    this.file = createWriteStream(path);
  }

  /** To be called before the first request of the call. */
  openCall(callSid: string): OpenCall {
    const call = new OpenCall(callSid, nowNs());
    this.open.add(call);
    return call;
  }

  /** @param invokeNs when the request was sent; it has returned now */
  record(call: OpenCall, client: number, op: OperationName, invokeNs: number, result: Result): void {
    const returnNs = result.kind === 'unknown' ? null : nowNs();
    call.operations.push({ client, op, callSid: call.callSid, invokeNs, returnNs, result });
    const { figures } = this;
    figures.operations++;
    figures.results[result.kind] = (figures.results[result.kind] ?? 0) + 1;
    if (op === 'allocate' && result.kind === 'unknown') figures.unknownAllocations++;
    if (result.kind === 'allocated' && !result.wasExisting) figures.freshGrants++;
  }

  surprise(text: string): void {
    this.surpriseCount++;
    if (this.surprises.length < KEPT_SURPRISES) this.surprises.push(text);
  }

  /** To be called when nothing will ever be asked about the call again. */
  closeCall(call: OpenCall): void {
    this.open.delete(call);
    this.checker.addCall(call.operations);
    this.auditChecker.addCall(call.operations, nowNs());
    for (const operation of call.operations) this.file.write(`${formatOperation(operation)}\n`);
    if (++this.endedCalls % CALLS_PER_SWEEP === 0) this.checker.advance(this.oldestNs());
  }

  /** Resolves when the file is written. */
  async finish(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.file.once('error', reject);
      this.file.end(() => resolve());
    });
  }

  /** No operation will be recorded that was sent before this moment. */
  oldestNs(): number {
    const [oldest] = this.open;
    return oldest?.openedNs ?? nowNs();
  }
}
