import { hangUpMidRequest, type SeededRandom } from '@smart-router/testbed';
import type { OperationName, Result } from '@smart-router/history-checker';
import { nowNs, sleep } from '../clock';
import type { HistoryRecorder, OpenCall } from '../history/history-recorder';
import { requestFor, resultOf } from './call-requests';
import type { HttpConnectionPool } from './http-connection-pool';

const UNKNOWN: Result = { kind: 'unknown' };
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 800;

/** A way to one API process. */
export interface Route {
  readonly url: string;
  readonly pool: HttpConnectionPool;
}

/** Sends the requests of one client, each to any of the API processes, and records what comes back. */
export class CallDriver {
  constructor(
    private readonly client: number,
    private readonly merchantId: string,
    private readonly routes: readonly Route[],
    private readonly recorder: HistoryRecorder,
    private readonly random: SeededRandom,
  ) {}

  /** Sends it once, to a process that listens. */
  async send(call: OpenCall, op: OperationName): Promise<Result> {
    const { path, contentType, body } = requestFor(op, call.callSid, this.merchantId);
    for (;;) {
      const invokeNs = nowNs();
      const answer = await this.random.pick(this.routes).pool.post(path, contentType, body);
      if (answer.kind === 'not-sent') {
        await sleep(FIRST_PAUSE_MS);
        continue;
      }
      const result = resultOf(op, answer);
      if (!result) this.recorder.surprise(`${op} ${call.callSid}: ${JSON.stringify(answer)}`);
      this.recorder.record(call, this.client, op, invokeNs, result ?? UNKNOWN);
      return result ?? UNKNOWN;
    }
  }

  /** Repeats it with growing pauses until the answer says what has happened. @returns `null` after too many attempts */
  async sendUntilKnown(call: OpenCall, op: OperationName, attempts: number): Promise<Result | null> {
    let pauseMs = FIRST_PAUSE_MS;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const result = await this.send(call, op);
      if (result.kind !== 'unknown') return result;
      await sleep(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
    return null;
  }

  /** Sends an allocation, or a part of it, and hangs up without reading the answer. */
  async abandon(call: OpenCall): Promise<void> {
    const { path, contentType, body } = requestFor('allocate', call.callSid, this.merchantId);
    const request = {
      headers: { 'content-type': contentType },
      body,
      // Half of them break off somewhere in head or body.
      ...(this.random.chance(0.5) ? { bytes: this.random.between(1, 200) } : {}),
      patienceMs: this.random.between(0, 5),
      reset: this.random.chance(0.3),
    };
    const invokeNs = nowNs();
    await hangUpMidRequest(`${this.random.pick(this.routes).url}${path}`, request);
    this.recorder.record(call, this.client, 'allocate', invokeNs, UNKNOWN);
  }
}
