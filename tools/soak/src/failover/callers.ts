import { sleep } from '../clock';
import { type Figures, RecordedCall } from './recorded-call';

/** Each client holds so many calls for long, and makes short ones beside them. */
const LONG_CALLS = 2;
const PAUSE_MS = 20;

/** One client at one process: long calls that last beyond the fault, and short ones all the time. */
export class Caller {
  readonly calls: RecordedCall[] = [];
  private readonly held: RecordedCall[] = [];

  constructor(
    private readonly client: number,
    private readonly baseUrl: string,
    private readonly figures: Figures,
  ) {}

  /** Makes calls until stopped, then ends all of them. */
  async run(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      const call = new RecordedCall(`call-${this.client}-${this.calls.length + 1}`, this.client, this.figures);
      this.calls.push(call);
      const { kind } = await call.untilKnown(this.baseUrl, 'allocate');
      if (kind === 'allocated') await this.keepOrEnd(call);
      await sleep(PAUSE_MS);
    }
    for (const call of this.held) await call.untilKnown(this.baseUrl, 'release');
  }

  private async keepOrEnd(call: RecordedCall): Promise<void> {
    this.held.push(call);
    const [oldest] = this.held;
    if (this.held.length <= LONG_CALLS || !oldest) return;
    // Now and then a long call ends, so that some of them are new whenever the fault comes.
    const ending = Math.random() < 0.2 ? oldest : call;
    this.held.splice(this.held.indexOf(ending), 1);
    await ending.untilKnown(this.baseUrl, 'release');
  }
}
