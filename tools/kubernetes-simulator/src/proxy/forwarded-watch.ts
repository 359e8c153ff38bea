import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ResourceRequest } from '../api/request-info';
import type { WatchEvent } from '../api/watch-request';
import type { RunningWatch } from '../http/running-watches';

/** A watch of the real server, forwarded byte by byte until a fault is done to it. */
export class ForwardedWatch implements RunningWatch {
  private isSilent = false;

  constructor(
    readonly request: ResourceRequest,
    private readonly answer: IncomingMessage,
    private readonly response: ServerResponse,
  ) {}

  start(): void {
    const { answer, response } = this;
    response.writeHead(answer.statusCode ?? 0, { 'content-type': answer.headers['content-type'] });
    response.flushHeaders();
    response.once('close', () => answer.destroy());
    answer.on('data', (bytes: Buffer) => !this.isSilent && response.write(bytes));
    answer.once('end', () => !this.isSilent && response.end());
    answer.once('error', () => !this.isSilent && response.socket?.resetAndDestroy());
  }

  send(event: WatchEvent): void {
    this.write(`${JSON.stringify(event)}\n`);
  }

  write(text: string): void {
    if (!this.isSilent) this.response.write(text);
  }

  silence(): void {
    this.isSilent = true;
  }

  end(): void {
    this.isSilent = true;
    this.response.end();
  }

  reset(): void {
    this.response.socket?.resetAndDestroy();
  }
}
