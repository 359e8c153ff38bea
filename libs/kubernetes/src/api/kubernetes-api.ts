import type { Clock } from '@smart-router/scheduling';
import {
  KubernetesAnswerError,
  KubernetesApiError,
  KubernetesUnreachableError,
  statusFrom,
  type ApiStatus,
} from './api-errors';
import type { ApiTransport, TransportAnswer } from './api-transport';
import { Exchange } from './exchange';
import { methodOf, pathOf, type ApiCall } from './resource';
import { retryAfterMs } from './retry-after';

export interface KubernetesApiPorts {
  readonly transport: ApiTransport;
  readonly clock: Clock;
  /** Informed of each call that failed; `outcome` is the HTTP status, or `no-answer`, or `bad-answer`. Must not throw. */
  readonly onFailure?: (call: ApiCall, outcome: string) => void;
  /** Informed of each call that the server did, of a stream when it began. Must not throw. */
  readonly onSuccess?: (call: ApiCall) => void;
}

interface CallOptions {
  /** Until the last byte of the answer. */
  readonly timeoutMs?: number;
}

/** Of a stream: until its first byte. */
const TIMEOUT_MS = 10_000;
/** Fifty times what a page of 500 pods needs. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;
/** An error's own text needs at most this. */
const MAX_ERROR_BYTES = 64 * 1024;

/** Calls of the Kubernetes API, each with a time limit and typed failures. It repeats nothing by itself. */
export class KubernetesApi {
  constructor(private readonly ports: KubernetesApiPorts) {}

  /**
   * @returns the answer as parsed JSON
   * @throws KubernetesApiError, KubernetesUnreachableError, KubernetesAnswerError, or the signal's reason
   */
  async call(call: ApiCall, signal: AbortSignal, { timeoutMs = TIMEOUT_MS }: CallOptions = {}): Promise<unknown> {
    const exchange = new Exchange(this.ports.clock, signal, timeoutMs);
    try {
      const answer = await this.open(call, exchange);
      const body = parse(call, await exchange.during(readText(call, answer, MAX_ANSWER_BYTES)));
      this.ports.onSuccess?.(call);
      return body;
    } catch (error) {
      throw this.failure(call, error, signal);
    } finally {
      exchange.end();
    }
  }

  /**
   * An answer without end, as bytes arrive. Leaving the loop over it ends the exchange.
   * @throws as `call` does, from the first step on
   */
  async *stream(call: ApiCall, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const exchange = new Exchange(this.ports.clock, signal, TIMEOUT_MS);
    try {
      const answer = await this.open(call, exchange);
      exchange.liftTimeLimit();
      this.ports.onSuccess?.(call);
      // An empty chunk means that the server took the call.
      yield new Uint8Array();
      yield* answer.body;
    } catch (error) {
      throw this.failure(call, error, signal);
    } finally {
      exchange.end();
    }
  }

  private async open(call: ApiCall, exchange: Exchange): Promise<TransportAnswer> {
    const request = {
      method: methodOf(call),
      path: pathOf(call),
      body: call.body === undefined ? null : JSON.stringify(call.body),
      contentType: call.contentType ?? 'application/json',
    };
    const answer = await exchange.during(this.ports.transport.send(request, exchange.signal));
    if (answer.status >= 200 && answer.status <= 299) return answer;
    throw await exchange.during(refusal(call, answer));
  }

  private failure(call: ApiCall, error: unknown, signal: AbortSignal): unknown {
    // The caller ended it: that is no failure.
    if (signal.aborted) return signal.reason;
    if (error instanceof KubernetesApiError) this.ports.onFailure?.(call, String(error.status));
    else if (error instanceof KubernetesAnswerError) this.ports.onFailure?.(call, 'bad-answer');
    else {
      this.ports.onFailure?.(call, 'no-answer');
      return new KubernetesUnreachableError(call, error);
    }
    return error;
  }
}

/** The error that an answer with a bad status stands for; whatever its body looks like. */
async function refusal(call: ApiCall, answer: TransportAnswer): Promise<KubernetesApiError> {
  const status = await statusOf(call, answer);
  const asked = retryAfterMs(answer.retryAfter, Date.now());
  return new KubernetesApiError(call, {
    ...status,
    code: answer.status,
    retryAfterMs: asked ?? status.retryAfterMs,
  });
}

async function statusOf(call: ApiCall, answer: TransportAnswer): Promise<ApiStatus> {
  // The status counts even where the text behind it does not arrive.
  const text = await readText(call, answer, MAX_ERROR_BYTES).catch(() => '');
  try {
    return statusFrom(JSON.parse(text));
  } catch {
    // A proxy in between speaks no JSON; its first words may still help.
    return { ...statusFrom(null), message: text.slice(0, 200).trim() };
  }
}

async function readText(call: ApiCall, { body }: TransportAnswer, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new KubernetesAnswerError(call, `more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(call: ApiCall, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new KubernetesAnswerError(call, error instanceof Error ? error.message : 'no JSON');
  }
}
