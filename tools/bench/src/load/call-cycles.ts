import type { HttpAnswer } from './http-answer';
import type { HttpConnection } from './http-connection';
import { allocateRequest, releaseRequest } from './http-requests';
import type { Merchants } from './load-command';

let callsMade = 0;

/** Makes fresh calls and ends them. An answer that is not a success ends the bench: it would be a measure of nothing. */
export class CallCycles {
  private readonly prefix = `CA-${process.pid}-`;
  private nextMerchant = 0;

  constructor(private readonly merchants: Merchants) {}

  /** @returns the call's id */
  async allocate(connection: HttpConnection): Promise<string> {
    const callSid = this.prefix + String(callsMade++);
    assertSuccess(await connection.exchange(allocateRequest(callSid, this.merchantId())));
    return callSid;
  }

  async release(connection: HttpConnection, callSid: string): Promise<void> {
    assertSuccess(await connection.exchange(releaseRequest(callSid)));
  }

  private merchantId(): string {
    const { prefix, order } = this.merchants;
    if (order === 'one') return prefix;
    const { count } = this.merchants;
    const index = order === 'random' ? Math.floor(Math.random() * count) : this.nextMerchant++ % count;
    return prefix + String(index);
  }
}

export function assertSuccess({ status, body }: HttpAnswer): void {
  if (status !== 200) throw new Error(`answered with ${status}: ${body.slice(0, 200)}`);
}
