/** Patience with a machine that does much else, or stands still for a moment; not a limit of the product. */
const DEFAULT_TIMEOUT_MS = 20_000;

export interface WaitOptions {
  /** Default 20000. */
  readonly timeoutMs?: number;
  /** What is waited for, as it should read after "timed out waiting for". */
  readonly description: string;
}

const POLL_INTERVAL_MS = 20;

/**
 * Asks `condition` again and again until it gives something truthy, and returns that.
 * An error of the condition counts as "not yet"; the last one is named where the time runs out.
 */
export async function waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions): Promise<NonNullable<T>> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const attempt = await evaluate(condition);
    if (attempt.value) return attempt.value;
    if (performance.now() >= deadline) throw timeoutError(options.description, timeoutMs, attempt);
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
}

interface Attempt<T> {
  readonly value?: T;
  readonly error?: unknown;
}

async function evaluate<T>(condition: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await condition() };
  } catch (error) {
    return { error };
  }
}

function timeoutError(description: string, timeoutMs: number, last: Attempt<unknown>): Error {
  const found = last.error === undefined ? `last value: ${String(last.value)}` : `last error: ${String(last.error)}`;
  return new Error(`timed out after ${timeoutMs} ms waiting for ${description} (${found})`, { cause: last.error });
}
