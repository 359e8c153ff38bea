import type { Result } from '@smart-router/history-checker';
import { nowNs, sleep } from '../clock';
import type { HistoryRecorder, OpenCall } from '../history/history-recorder';
import type { SeededRandom } from '@smart-router/testbed';
import type { CallDriver } from './call-driver';

/**
 * An operation without answer may still be on its way: in the queue of a stopped Redis, or of a stopped process. After
 * this time none is any more, as no stop lasts longer; then the call is released once more, for good.
 */
const STRAGGLER_MS = 8_000;
const ATTEMPTS = 12;
/** The last release must come through: nobody comes after it. */
const LAST_ATTEMPTS = 60;
/** No more calls than these wait for their stragglers; a client waits then, too. */
const MAX_WAITING = 200;

const HOLDS_NOTHING: readonly Result['kind'][] = [
  'released',
  'unknown-call',
  'acknowledged',
  'call-ended',
  'no-capacity',
];

interface WaitingCall {
  readonly call: OpenCall;
  readonly dueNs: number;
}

/** One client: call after call, each with its own bad luck and bad manners. */
export class Caller {
  private readonly waiting: WaitingCall[] = [];
  private calls = 0;

  constructor(
    private readonly name: string,
    private readonly driver: CallDriver,
    private readonly recorder: HistoryRecorder,
    private readonly random: SeededRandom,
  ) {}

  /** Makes calls until stopped, and resolves when all of them have ended. */
  async run(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      await this.makeCall(this.recorder.openCall(`${this.name}-${++this.calls}`));
      await this.endWaitingCalls(stopped);
    }
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) await this.endForGood(next);
  }

  private async makeCall(call: OpenCall): Promise<void> {
    const { driver, random } = this;
    if (random.chance(0.05)) await driver.abandon(call);
    const answers = await this.arrive(call);
    if (answers.some(({ kind }) => kind === 'allocated')) await this.talk(call);
    if (answers.some(({ kind }) => kind !== 'no-capacity') || random.chance(0.2)) await this.hangUp(call);
    // A duplicate that was on its way for a long time: after a plain release it begins the call anew.
    if (random.chance(0.05)) {
      const { kind } = await driver.send(call, 'allocate');
      if (kind === 'allocated') await this.hangUp(call);
    }
    this.finish(call);
  }

  /** Sometimes the provider sends its webhook twice or thrice at once, and sometimes the end overtakes the start. */
  private arrive(call: OpenCall): Promise<Result[]> {
    const { driver, random } = this;
    const duplicates = random.chance(0.15) ? random.between(2, 3) : 1;
    const requests = Array.from({ length: duplicates }, () => driver.send(call, 'allocate'));
    if (random.chance(0.03)) requests.push(driver.send(call, random.chance(0.5) ? 'release' : 'end-call'));
    return Promise.all(requests);
  }

  private async talk(call: OpenCall): Promise<void> {
    const { driver, random } = this;
    await sleep(random.between(0, 20));
    if (random.chance(0.1)) await driver.send(call, 'heartbeat');
    if (random.chance(0.1)) await driver.send(call, 'allocate');
  }

  private async hangUp(call: OpenCall): Promise<void> {
    const { driver, random } = this;
    if (random.chance(0.2)) await driver.sendUntilKnown(call, 'end-call', ATTEMPTS);
    else await driver.sendUntilKnown(call, 'release', ATTEMPTS);
    if (random.chance(0.05)) await driver.send(call, 'release');
  }

  private finish(call: OpenCall): void {
    if (isOver(call)) this.recorder.closeCall(call);
    else this.waiting.push({ call, dueNs: nowNs() + STRAGGLER_MS * 1e6 });
  }

  private async endWaitingCalls(stopped: AbortSignal): Promise<void> {
    for (let [next] = this.waiting; next; [next] = this.waiting) {
      const mustWait = this.waiting.length > MAX_WAITING && !stopped.aborted;
      if (next.dueNs > nowNs() && !mustWait) return;
      this.waiting.shift();
      await this.endForGood(next);
    }
  }

  private async endForGood({ call, dueNs }: WaitingCall): Promise<void> {
    await sleep(Math.max(0, dueNs - nowNs()) / 1e6);
    await this.driver.sendUntilKnown(call, 'release', LAST_ATTEMPTS);
    this.recorder.closeCall(call);
  }
}

/** Whether nothing can be held any more: the last answer says so, and no allocation is without answer. */
function isOver({ operations }: OpenCall): boolean {
  if (operations.some(({ op, result }) => op === 'allocate' && result.kind === 'unknown')) return false;
  const last = operations.at(-1);
  return last !== undefined && HOLDS_NOTHING.includes(last.result.kind);
}
