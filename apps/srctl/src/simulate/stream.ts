import { setTimeout as delay } from 'node:timers/promises';
import type { ProviderCall } from './provider-calls';

/** How long a connection may take to open. */
const OPEN_TIMEOUT_MS = 5_000;
const FRAME_MS = 20;
/** 20 ms of silence at 8 kHz in µ-law. */
const SILENCE = Buffer.alloc(160, 0xff).toString('base64');

/** What happened on a stream. */
interface StreamReport {
  readonly openedAfterMs: number;
  readonly sent: number;
  readonly received: number;
}

/**
 * Dials the stream, speaks silence for a while and hangs up.
 * @throws with what went wrong: no connection, or one that the other side ended early
 */
export async function playStream(
  call: ProviderCall,
  callId: string,
  url: string,
  speakMs: number,
): Promise<StreamReport> {
  const startedAt = performance.now();
  const socket = new WebSocket(url);
  let received = 0;
  let ended: string | undefined;
  socket.addEventListener('message', () => received++);
  socket.addEventListener('close', ({ code }) => (ended = `the agent ended the stream with code ${code}`));
  await opened(socket, url);
  const openedAfterMs = performance.now() - startedAt;
  for (const message of call.start(callId)) socket.send(JSON.stringify(message));
  const frames = Math.max(1, Math.round(speakMs / FRAME_MS));
  for (let sent = 0; sent < frames; sent++) {
    if (ended !== undefined) throw new Error(`${ended} after ${sent} of ${frames} frames`);
    socket.send(JSON.stringify(call.media(callId, SILENCE)));
    await delay(FRAME_MS);
  }
  socket.send(JSON.stringify({ event: 'stop' }));
  socket.close(1000);
  return { openedAfterMs, sent: frames, received };
}

function opened(socket: WebSocket, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${url} did not open within ${OPEN_TIMEOUT_MS} ms`)),
      OPEN_TIMEOUT_MS,
    );
    const settle = (outcome: () => void) => () => {
      clearTimeout(timer);
      outcome();
    };
    socket.addEventListener('open', settle(resolve), { once: true });
    const failed = (event: Event): void => {
      const { message = '' } = event as Event & { message?: string };
      reject(new Error(`${url} cannot be dialled${message === '' ? '' : `: ${message}`}`));
    };
    socket.addEventListener('error', (event) => settle(() => failed(event))(), { once: true });
  });
}
