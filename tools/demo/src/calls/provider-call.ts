import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '../cluster/service';
import type { CallFigures } from './call-figures';
import { MediaStream, type StreamEnd } from './media-stream';
import { endedCall, incomingCall, newCallSid, type ProviderName, type Webhook } from './webhooks';

export interface CallParts {
  readonly provider: ProviderName;
  readonly merchantId: string;
  readonly talkMs: number;
  /** The voice router's pod for the next connection. */
  readonly router: () => Endpoint | null;
  readonly figures: CallFigures;
  /** The caller hangs up early. */
  readonly stopped: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const ANSWER_TIMEOUT_MS = 15_000;
/** A provider gives up on the report of an end some time; this one is patient with a Redis that restarts. */
const REPORT_TRIES = 10;
const REPORT_PAUSE_MS = 500;

/**
 * One call from the first webhook to the last, as a provider makes it: asks what to do, dials the stream of the answer,
 * talks, hangs up, and reports the end. What comes of it is counted in `figures`. Never throws.
 */
export async function makeCall(parts: CallParts): Promise<void> {
  const { figures, merchantId, provider } = parts;
  const callSid = newCallSid(provider);
  const startMs = performance.now();
  const answer = await send(parts, incomingCall(provider, callSid, merchantId)).catch(String);
  if (typeof answer === 'string') figures.count('failed', answer);
  else {
    figures.answered(performance.now() - startMs);
    await follow(parts, answer);
  }
  // Also of a call that got no pod: what was not answered may have taken one.
  await reportEnd(parts, callSid);
}

/** Does what the answer says. */
async function follow(parts: CallParts, answer: Answer): Promise<void> {
  const { figures } = parts;
  const url = streamUrlOf(answer.text);
  if (url === null) return countRefusal(figures, answer);
  figures.place();
  const end = await talk(parts, new URL(url));
  if (end.kind === 'closed-by-pod') figures.count('cut', end.reason);
  if (end.kind === 'wrong-pod') figures.count('wrongPod', end.reason);
  if (end.kind === 'hung-up') figures.frames(end.sent, end.echoed);
  figures.end();
}

/** Twilio's and Plivo's documents, and Exotel's JSON. */
function streamUrlOf(text: string): string | null {
  return /\bwss?:\/\/[^"<\s]+/.exec(text)?.[0] ?? null;
}

/** Both sentences that are spoken are those of the product's settings. */
function countRefusal(figures: CallFigures, { status, text }: Answer): void {
  if (/agents are busy|NO_PODS_AVAILABLE/.test(text)) return figures.count('refused', 'no pod free');
  if (status === 200) return figures.count('failed', 'a hang-up');
  figures.count('failed', `status ${status}`);
}

function talk({ router, stopped, talkMs }: CallParts, { pathname }: URL): Promise<StreamEnd> {
  const pod = router();
  if (!pod) return Promise.resolve({ kind: 'closed-by-pod', reason: 'no voice router', sent: 0, echoed: 0 });
  const [, , , podName = ''] = pathname.split('/');
  const stream = new MediaStream(`ws://${pod.host}:${pod.port}${pathname}`, podName);
  return stream.talk(talkMs, stopped);
}

async function reportEnd(parts: CallParts, callSid: string): Promise<void> {
  for (let tries = 0; tries < REPORT_TRIES; tries++) {
    const answer = await send(parts, endedCall(parts.provider, callSid)).catch(() => null);
    if (answer && answer.status < 500) return;
    await sleep(REPORT_PAUSE_MS);
  }
  parts.figures.count('failed', 'end not taken');
}

/** A connection for each request: a load balancer gives each to a pod that is ready. @throws where none is, or no answer */
function send({ router }: CallParts, { body, headers, path }: Webhook): Promise<Answer> {
  const pod = router();
  if (!pod) return Promise.reject(new Error('no voice router is ready'));
  return new Promise((resolve, reject) => {
    const options = { host: pod.host, port: pod.port, method: 'POST', path, agent: false, timeout: ANSWER_TIMEOUT_MS };
    const length = { 'content-length': Buffer.byteLength(body) };
    const sent = request({ ...options, headers: { ...headers, ...length } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject);
    sent.end(body);
  });
}
