import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';

/** How long a frame of a call's sound is. */
const FRAME_MS = 20;
const FRAME_BYTES = 172;

/** A caller's connection to its voice agent, which echoes. */
export class MediaStream {
  private received = 0;
  isCut = false;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (bytes) => (this.received += bytes.length));
    socket.on('error', () => (this.isCut = true));
    socket.on('close', () => (this.isCut = true));
  }

  /** @throws Error with the status where the answer is no stream */
  static async dial(port: number, path: string): Promise<MediaStream> {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
    };
    const dialling = request({ host: '127.0.0.1', port, path, headers });
    dialling.end();
    const answer = await Promise.race([
      once(dialling, 'upgrade').then(([, socket]) => socket as Socket),
      once(dialling, 'response').then(([response]) => (response as { statusCode: number }).statusCode),
    ]);
    if (typeof answer === 'number') throw new Error(`The answer is ${answer}`);
    return new MediaStream(answer);
  }

  /** Sends frames as a provider does. @returns how many came back whole, as long as nobody cut the connection */
  async speak(frames: number): Promise<number> {
    for (let frame = 0; frame < frames && !this.isCut; frame++) {
      this.socket.write(randomBytes(FRAME_BYTES));
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    }
    return Math.floor(this.received / FRAME_BYTES);
  }

  hangUp(): void {
    this.socket.destroy();
  }
}
