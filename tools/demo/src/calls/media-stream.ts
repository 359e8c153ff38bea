import { WebSocket } from 'ws';
import { onFrameTime } from './frame-clock';

/** How a stream ended, and how many frames went each way. */
export interface StreamEnd {
  readonly kind: 'hung-up' | 'closed-by-pod' | 'wrong-pod';
  readonly reason: string;
  readonly sent: number;
  readonly echoed: number;
}

/** 20 ms of the telephone network: 8,000 samples a second of one byte. */
const FRAME_BYTES = 160;
/** How long the caller waits for somebody to answer. */
const DIAL_TIMEOUT_MS = 20_000;
/** How long the caller listens for the last echoes. */
const ECHO_WAIT_MS = 2_000;

/** The media stream of one call: a frame every 20 ms until the caller hangs up. */
export class MediaStream {
  private readonly socket: WebSocket;
  private readonly frame = Buffer.alloc(FRAME_BYTES, 0xff);
  private sent = 0;
  private echoed = 0;
  private answeredBy: string | null = null;
  private isHangingUp = false;
  private isStopped = false;
  private timer: NodeJS.Timeout | undefined;

  /** Dials. @param podName the pod that must answer */
  constructor(
    url: string,
    private readonly podName: string,
  ) {
    this.socket = new WebSocket(url, { perMessageDeflate: false });
  }

  /** Resolves when the stream is closed. @param talkMs from the answer on @param stopped hangs up early */
  talk(talkMs: number, stopped: AbortSignal): Promise<StreamEnd> {
    const { socket } = this;
    let failure = 'closed';
    const stop = (): void => {
      this.isStopped = true;
      this.hangUp();
    };
    socket.once('message', () => this.hangUpAfter(talkMs));
    socket.on('message', (data: Buffer, isBinary) => this.receive(data, isBinary));
    socket.on('error', (error) => (failure = error.message));
    return new Promise((resolve) => {
      this.hangUpAfter(DIAL_TIMEOUT_MS);
      stopped.addEventListener('abort', stop, { once: true });
      const stopFrames = onFrameTime(() => this.speak());
      socket.on('close', (code) => {
        clearTimeout(this.timer);
        stopped.removeEventListener('abort', stop);
        stopFrames();
        resolve({ ...this.verdict(`${failure} (${code})`), sent: this.sent, echoed: this.echoed });
      });
    });
  }

  private verdict(failure: string): Pick<StreamEnd, 'kind' | 'reason'> {
    if (this.answeredBy !== null && this.answeredBy !== this.podName) {
      return { kind: 'wrong-pod', reason: `${this.answeredBy} in place of ${this.podName}` };
    }
    // One that hangs up before anybody answered has cut nothing.
    const isComplete = this.isHangingUp && (this.answeredBy !== null || this.isStopped);
    return isComplete ? { kind: 'hung-up', reason: '' } : { kind: 'closed-by-pod', reason: failure };
  }

  private speak(): void {
    if (this.isHangingUp || this.answeredBy === null) return;
    this.frame.writeUInt32BE(this.sent);
    this.sent++;
    this.socket.send(this.frame);
  }

  /** The first message says which pod it is; all others are echoes, in the order in which they were sent. */
  private receive(data: Buffer, isBinary: boolean): void {
    if (!isBinary) {
      this.answeredBy = (JSON.parse(data.toString()) as { pod: string }).pod;
      return;
    }
    if (data.readUInt32BE() === this.echoed) this.echoed++;
    if (this.isHangingUp && this.echoed === this.sent) this.socket.close();
  }

  private hangUpAfter(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hangUp(), ms);
  }

  private hangUp(): void {
    if (this.isHangingUp) return;
    this.isHangingUp = true;
    if (this.echoed === this.sent) this.socket.close();
    else setTimeout(() => this.socket.close(), ECHO_WAIT_MS).unref();
  }
}
