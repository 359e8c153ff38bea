import { RefusedError, type Schemas, UnreachableError } from '@smart-router/api-client';
import { CommandFailure, EXIT } from '../exit-codes';

type Departure = Schemas['DepartureResponse'];

interface DrainWait {
  readonly pod: string;
  /** Unix time in ms; Infinity: as long as it takes. */
  readonly endsAt: number;
  /** Asks the server, which answers after the time, or as soon as no call is left. @param wait as the API wants it */
  readonly ask: (wait: string) => Promise<Departure>;
  readonly say: (text: string) => void;
  /** Waits before the next try where the server could not be asked. */
  readonly pause: () => Promise<unknown>;
}

/**
 * Waits until the last call of a pod has ended, and says how many are left whenever that changes. A server or store that is
 * away is asked again: a wait of hours must outlast a restart.
 *
 * @throws `CommandFailure` where the calls do not end in time, or the drain ends before them
 */
export async function untilDrained({ ask, endsAt, pause, pod, say }: DrainWait): Promise<void> {
  let said = '';
  const sayOnce = (text: string): void => {
    if (text !== said) say(`${pod}: ${text}`);
    said = text;
  };
  for (;;) {
    const secondsLeft = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
    const outcome = await askOnce(() => ask(`${Math.min(2, secondsLeft)}s`));
    if (outcome.kind === 'gone') return sayOnce('the pod is gone');
    if (outcome.kind === 'away') {
      if (secondsLeft === 0) throw outcome.error;
      sayOnce(`asking again: ${outcome.error.message}`);
      await pause();
      continue;
    }
    const { active_calls, drained, is_draining } = outcome.departure;
    if (drained) return sayOnce('drained, no calls are left');
    if (!is_draining)
      throw new CommandFailure(EXIT.failed, `${pod} does not drain any more, and has ${calls(active_calls)}`, HINT);
    sayOnce(`${calls(active_calls)} left`);
    if (secondsLeft === 0) throw new CommandFailure(EXIT.failed, `${pod} still has ${calls(active_calls)}`);
  }
}

const HINT = 'give the drain more time: srctl drain --ttl 2h (or none)';

type Outcome =
  | { readonly kind: 'answered'; readonly departure: Departure }
  | { readonly kind: 'away'; readonly error: Error }
  | { readonly kind: 'gone' };

async function askOnce(ask: () => Promise<Departure>): Promise<Outcome> {
  try {
    return { kind: 'answered', departure: await ask() };
  } catch (error) {
    if (error instanceof UnreachableError) return { kind: 'away', error };
    if (!(error instanceof RefusedError)) throw error;
    if (error.code === 'POD_NOT_FOUND') return { kind: 'gone' };
    if (error.status >= 500 || error.retryAfterSeconds !== null) return { kind: 'away', error };
    throw error;
  }
}

function calls(count: number): string {
  return count === 1 ? '1 call' : `${count} calls`;
}
