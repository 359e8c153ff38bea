/** The work took too long. It goes on, and its result is dropped. */
export class DeadlineExceededError extends Error {
  readonly code = 'DEADLINE_EXCEEDED';

  constructor(readonly deadlineMs: number) {
    super(`no result within ${deadlineMs} ms`);
  }
}

/**
 * Waits for work that may hang, for at most `deadlineMs` of real time. The work is not stopped.
 * @param expired what is thrown when the time is over; a DeadlineExceededError unless given
 * @throws that, or whatever `work` rejects with
 */
export async function withinDeadline<T>(
  work: Promise<T>,
  deadlineMs: number,
  expired: () => Error = () => new DeadlineExceededError(deadlineMs),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(expired()), deadlineMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
