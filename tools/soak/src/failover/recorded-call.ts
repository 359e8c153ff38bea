import type { CallOperation, OperationName, Result } from '@smart-router/history-checker';

const ANSWER_TIMEOUT_MS = 5_000;
const RETRY_MS = 50;
const ATTEMPTS = 400;

const startNs = process.hrtime.bigint();
const nowNs = (): number => Number(process.hrtime.bigint() - startNs);

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

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
    const result = await post(`${baseUrl}/api/v1/${op}`, callSid).catch((): Result => ({ kind: 'unknown' }));
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

async function post(url: string, callSid: string): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ call_sid: callSid }),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  const body = (await response.json()) as Readonly<Record<string, unknown>>;
  const pod = String(body['pod_name']);
  if (response.ok && url.endsWith('/release')) return { kind: 'released', pod };
  if (response.ok) return { kind: 'allocated', pod, wasExisting: body['was_existing'] === true };
  if (body['code'] === 'CALL_NOT_FOUND') return { kind: 'unknown-call' };
  if (body['code'] === 'NO_PODS_AVAILABLE') return { kind: 'no-capacity' };
  return { kind: 'unknown' };
}
