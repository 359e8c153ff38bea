import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendJson } from '@smart-router/testbed';
import { type WebSocket, WebSocketServer } from 'ws';

export interface AgentOptions {
  readonly podName: string;
  /** Of the API, no slash at the end. */
  readonly apiUrl: string;
}

/** Of the agents' container. */
export const AGENT_PORT = 8000;
const HEARTBEAT_MS = 10_000;
const REPORT_TRIES = 5;
const REPORT_PAUSE_MS = 500;
/** RFC 6455: what was asked for is not served here. */
const POLICY_VIOLATION = 1008;

/**
 * A voice agent without a voice: it takes the media stream of a call, says which pod it is, sends each frame back, and
 * reports to the API. `GET /health` answers 200.
 */
export class Agent {
  private readonly server = createServer((_request, response) => response.end('ok\n'));

  constructor(private readonly options: AgentOptions) {
    const streams = new WebSocketServer({ server: this.server });
    streams.on('connection', (stream, { url = '' }) => this.accept(stream, url));
  }

  /** @throws where the address is taken */
  async listen(host: string): Promise<void> {
    this.server.listen(AGENT_PORT, host);
    await once(this.server, 'listening');
  }

  private accept(stream: WebSocket, path: string): void {
    const { podName } = this.options;
    const [, , , pod, callSid = ''] = path.split('/');
    // A connection that breaks is closed, which is reported below.
    stream.on('error', () => undefined);
    if (pod !== podName) return stream.close(POLICY_VIOLATION, `this is ${podName}`);
    stream.send(JSON.stringify({ event: 'connected', pod: podName, call_sid: callSid }));
    stream.on('message', (frame, isBinary) => stream.send(frame, { binary: isBinary }));
    const heartbeats = setInterval(() => void this.report(`/calls/${callSid}/heartbeat`), HEARTBEAT_MS);
    stream.once('close', () => {
      clearInterval(heartbeats);
      void this.reportEnd(callSid);
    });
  }

  /** The first of two reports of the end of a call; the other one is the provider's. */
  private async reportEnd(callSid: string): Promise<void> {
    for (let tries = 0; tries < REPORT_TRIES; tries++) {
      if (await this.report('/release', { call_sid: callSid, reason: 'completed' })) return;
      await sleep(REPORT_PAUSE_MS);
    }
  }

  /** @returns whether the API has taken it */
  private report(path: string, body?: object): Promise<boolean> {
    return sendJson('POST', `${this.options.apiUrl}/api/v1${path}`, body).then(
      ({ status }) => status < 500,
      () => false,
    );
  }
}
