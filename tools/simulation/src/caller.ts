import type { CallOperation, OperationName, Result } from '@smart-router/history-checker';
import {
  type AllocateOutcome,
  API_OWNER,
  type CallOwner,
  type HeartbeatOutcome,
  type ReleaseOutcome,
} from '@smart-router/routing-store';
import type { SeededRandom } from '@smart-router/testbed';
import type { SimulatedProcess } from './simulated-process';
import type { VirtualTime } from './virtual-time';

/** A caller does not wait longer for an answer. */
const PATIENCE_MS = 3_000;
const RETRY_MS = 120;
/** In whose name callers ask: a provider that is trusted and one that is not. */
const OWNERS = [['twilio', API_OWNER], ['exotel']] as const;
/** Nobody's call is theirs. */
const OTHERS = ['plivo'];

export interface CallerPorts {
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  /** One that a proxy would choose now. */
  readonly chooseProcess: () => SimulatedProcess | null;
  readonly chain: readonly string[];
  /** Each answer, as the callers saw it. */
  readonly record: (operation: CallOperation, process: string) => void;
}

/** A voice agent or a provider: it makes calls one after the other, and asks again where it is not answered. */
export class Caller {
  private calls = 0;
  private held: string[] = [];
  private readonly owners: readonly CallOwner[];

  constructor(
    private readonly client: number,
    private readonly ports: CallerPorts,
  ) {
    this.owners = OWNERS[client % OWNERS.length] as readonly CallOwner[];
  }

  /** Makes calls until then, and ends all that it has then. */
  async run(untilMs: number): Promise<'ended'> {
    const { random, time } = this.ports;
    await this.sleep(random.between(0, 2_000));
    while (time.nowMs < untilMs) {
      if (this.held.length < 2 && random.chance(0.6)) await this.begin();
      else if (this.held.length > 0) await this.proceed(random.pick(this.held));
      await this.sleep(random.between(20, 900));
    }
    for (const callSid of [...this.held]) await this.end(callSid, 'release');
    return 'ended';
  }

  private async begin(): Promise<void> {
    const callSid = `call-${this.client}-${++this.calls}`;
    // Some callers give up, early or late: nobody comes back for what they may have got.
    const attempts = this.ports.random.chance(0.2) ? this.ports.random.between(1, 3) : 60;
    const result = await this.untilAnswered(callSid, 'allocate', attempts);
    if (result.kind === 'allocated') this.held.push(callSid);
  }

  private async proceed(callSid: string): Promise<void> {
    const { random } = this.ports;
    if (random.chance(0.1)) await this.reportAsOther(callSid);
    if (random.chance(0.2)) await this.untilAnswered(callSid, 'heartbeat', 1);
    else if (random.chance(0.2)) await this.end(callSid, 'end-call');
    else if (random.chance(0.9)) await this.end(callSid, 'release');
    // The same call once more, at once: another grant.
    if (!this.held.includes(callSid) && random.chance(0.25)) {
      const result = await this.untilAnswered(callSid, 'allocate', 60);
      if (result.kind === 'allocated') this.held.push(callSid);
    }
  }

  private async end(callSid: string, op: 'release' | 'end-call'): Promise<void> {
    this.held = this.held.filter((one) => one !== callSid);
    await this.untilAnswered(callSid, op, this.ports.random.chance(0.15) ? 1 : 60);
  }

  /** Somebody else reports the end of the call, which must change nothing. */
  private async reportAsOther(callSid: string): Promise<void> {
    const report = this.ports.chooseProcess()?.calls.endCall({ callSid, owners: OTHERS });
    await Promise.race([report?.catch(() => undefined), this.sleep(RETRY_MS)]);
  }

  private async untilAnswered(callSid: string, op: OperationName, attempts: number): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.ask(callSid, op);
      if (result.kind !== 'unknown' || attempt === attempts) return result;
      await this.sleep(this.ports.random.between(10, RETRY_MS));
    }
  }

  private async ask(callSid: string, op: OperationName): Promise<Result> {
    const { chooseProcess, record, time } = this.ports;
    const process = chooseProcess();
    if (!process) return { kind: 'unknown' };
    const invokeNs = time.nowMs * 1e6;
    const result = await Promise.race([this.send(process, callSid, op), this.lostPatience()]);
    const returnNs = result.kind === 'unknown' ? null : time.nowMs * 1e6;
    record({ client: this.client, op, callSid, invokeNs, returnNs, result }, process.name);
    return result;
  }

  private async send({ calls }: SimulatedProcess, callSid: string, op: OperationName): Promise<Result> {
    const { chain } = this.ports;
    try {
      switch (op) {
        case 'allocate':
          return granted(
            await calls.allocate({
              callSid,
              merchantId: '',
              knownMerchantConfig: null,
              chain,
              provider: this.owners[0],
            }),
          );
        case 'release':
          return ended(await calls.release(callSid));
        case 'end-call':
          await calls.endCall({ callSid, owners: this.owners });
          return { kind: 'acknowledged' };
        case 'heartbeat':
          return alive(await calls.heartbeat(callSid));
      }
    } catch {
      return { kind: 'unknown' };
    }
  }

  private async lostPatience(): Promise<Result> {
    await this.sleep(PATIENCE_MS);
    return { kind: 'unknown' };
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.ports.time.after(ms, resolve));
  }
}

function granted(outcome: AllocateOutcome): Result {
  switch (outcome.kind) {
    case 'allocated':
    case 'existing':
      return { kind: 'allocated', pod: outcome.grant.podName, wasExisting: outcome.kind === 'existing' };
    case 'no-capacity':
    case 'call-ended':
      return { kind: outcome.kind };
    case 'merchant-config-changed':
    case 'foreign-call':
      return { kind: 'unknown' };
  }
}

function ended(outcome: ReleaseOutcome): Result {
  return outcome.kind === 'released' ? { kind: 'released', pod: outcome.podName } : { kind: 'unknown-call' };
}

function alive(outcome: HeartbeatOutcome): Result {
  return outcome.kind === 'renewed' ? { kind: 'alive', pod: outcome.podName } : { kind: 'unknown-call' };
}
