import type { CallOperation, OperationName, Result } from '@smart-router/history-checker';

const ANSWER_TIMEOUT_MS = 5_000;
/** Each client holds so many calls for long, and makes short ones beside them. */
const LONG_CALLS = 2;
const PAUSE_MS = 20;
const RETRY_MS = 50;
const ATTEMPTS = 400;

const startNs = process.hrtime.bigint();
const nowNs = (): number => Number(process.hrtime.bigint() - startNs);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface Figures {
  /** New grants that clients were told of. */
  acknowledged: number;
  /** Requests without an answer that counts. */
  unanswered: number;
  /** When the latest new grant was told, and the longest time between two of them, in ms. */
  lastGrantMs: number;
  longestGapMs: number;
}

export const noFigures = (): Figures => ({ acknowledged: 0, unanswered: 0, lastGrantMs: Infinity, longestGapMs: 0 });

/** A new grant was told now, or the run is over: the time since the last one counts. */
export function endGap(figures: Figures): void {
  const nowMs = nowNs() / 1e6;
  figures.longestGapMs = Math.max(figures.longestGapMs, nowMs - figures.lastGrantMs);
  figures.lastGrantMs = nowMs;
}

/** One client at one process: long calls that last beyond the fault, and short ones all the time. */
export class Caller {
  /** Everything that was asked, by call. */
  readonly calls: CallOperation[][] = [];
  private readonly held: CallOperation[][] = [];

  constructor(
    private readonly client: number,
    private readonly baseUrl: string,
    private readonly figures: Figures,
  ) {}

  /** Makes calls until told to stop, then ends all of them. */
  async run(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      const call: CallOperation[] = [];
      this.calls.push(call);
      if (await this.arrive(call)) await this.keepOrEnd(call);
      await sleep(PAUSE_MS);
    }
    for (const call of this.held) await this.untilKnown(call, 'release');
  }

  private async arrive(call: CallOperation[]): Promise<boolean> {
    const result = await this.untilKnown(call, 'allocate');
    return result.kind === 'allocated';
  }

  private async keepOrEnd(call: CallOperation[]): Promise<void> {
    this.held.push(call);
    const [oldest] = this.held;
    if (this.held.length <= LONG_CALLS || !oldest) return;
    // Now and then a long call ends, so that some of them are new whenever the fault comes.
    const ending = Math.random() < 0.2 ? oldest : call;
    this.held.splice(this.held.indexOf(ending), 1);
    await this.untilKnown(ending, 'release');
  }

  private async untilKnown(call: CallOperation[], op: OperationName): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.send(call, op);
      if (result.kind !== 'unknown' || attempt === ATTEMPTS) return result;
      await sleep(RETRY_MS);
    }
  }

  private async send(call: CallOperation[], op: OperationName): Promise<Result> {
    const callSid = call[0]?.callSid ?? `call-${this.client}-${this.calls.length}`;
    const invokeNs = nowNs();
    const result = await ask(`${this.baseUrl}/api/v1/${op}`, callSid).catch((): Result => ({ kind: 'unknown' }));
    const returnNs = result.kind === 'unknown' ? null : nowNs();
    call.push({ client: this.client, op, callSid, invokeNs, returnNs, result });
    this.count(result);
    return result;
  }

  private count(result: Result): void {
    const { figures } = this;
    if (result.kind === 'unknown') figures.unanswered++;
    if (result.kind !== 'allocated' || result.wasExisting) return;
    figures.acknowledged++;
    endGap(figures);
  }
}

async function ask(url: string, callSid: string): Promise<Result> {
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
