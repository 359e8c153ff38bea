import type { CallOperation, OperationName, Result } from '@smart-router/history-checker';
import { sendRequest } from '@smart-router/testbed';
import { nowNs, sleep } from '../clock';
import { requestFor, resultOf } from '../load/call-requests';

const ANSWER_TIMEOUT_MS = 5_000;
const RETRY_MS = 50;
const ATTEMPTS = 400;

const UNKNOWN: Result = { kind: 'unknown' };

export interface Figures {
  /** New grants that clients were shown. */
  acknowledged: number;
  /** Requests without an answer that counts. */
  unanswered: number;
  /** When the latest new grant was answered, and the longest time between two of them, in ms. */
  lastGrantMs: number;
  longestGapMs: number;
}

export const noFigures = (): Figures => ({ acknowledged: 0, unanswered: 0, lastGrantMs: Infinity, longestGapMs: 0 });

/** A new grant was answered now, or the run is over: the time since the last one counts. */
export function endGap(figures: Figures): void {
  const nowMs = nowNs() / 1e6;
  figures.longestGapMs = Math.max(figures.longestGapMs, nowMs - figures.lastGrantMs);
  figures.lastGrantMs = nowMs;
}

/** A call of one client, with everything that was asked about it. */
export class RecordedCall {
  readonly operations: CallOperation[] = [];

  constructor(
    readonly callSid: string,
    private readonly client: number,
    private readonly figures: Figures,
  ) {}

  /** One request, without a repetition. */
  async ask(baseUrl: string, op: OperationName): Promise<Result> {
    const { callSid, client, figures } = this;
    const invokeNs = nowNs();
    const result = await post(baseUrl, op, callSid).catch(() => UNKNOWN);
    const returnNs = result.kind === 'unknown' ? null : nowNs();
    this.operations.push({ client, op, callSid, invokeNs, returnNs, result });
    if (result.kind === 'unknown') figures.unanswered++;
    if (result.kind === 'allocated' && !result.wasExisting) {
      figures.acknowledged++;
      endGap(figures);
    }
    return result;
  }

  /** Repeated until there is an answer that counts. */
  async untilKnown(baseUrl: string, op: OperationName): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.ask(baseUrl, op);
      if (result.kind !== 'unknown' || attempt === ATTEMPTS) return result;
      await sleep(RETRY_MS);
    }
  }
}

async function post(baseUrl: string, op: OperationName, callSid: string): Promise<Result> {
  const { path, contentType, body } = requestFor(op, callSid, '');
  const request = { method: 'POST', headers: { 'content-type': contentType }, body, timeoutMs: ANSWER_TIMEOUT_MS };
  const { status, text } = await sendRequest(baseUrl + path, request);
  return resultOf(op, { kind: 'answer', status, text }) ?? UNKNOWN;
}
