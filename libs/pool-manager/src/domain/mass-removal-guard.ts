export interface RemovalDecision {
  readonly allowed: ReadonlySet<string>;
  /** When to observe again for the sake of those that are not allowed yet; `null` where all are. */
  readonly observeAgainAfterMs: number | null;
}

const ALWAYS_ALLOWED = 5;
const ALLOWED_SHARE = 0.2;
const CONFIRMED_AFTER_MS = 5_000;
/** A timer may fire a little early. */
const OBSERVE_AGAIN_AFTER_MS = CONFIRMED_AFTER_MS + 50;

/**
 * Stands between a list of pods that may be wrong and the calls of the pods that are missing from it.
 *
 * Guarantees: where more than 5 pods that are also more than 20 % of those known are missing, only those are removed
 * that are missing for 5 seconds already, in every observation since. Which others come and go meanwhile does not
 * matter, so that a fleet in motion is cleaned up, too. A list that is wrong for longer gets through; so does one that
 * takes pods away little by little.
 */
export class MassRemovalGuard {
  private missingSince: ReadonlyMap<string, number> = new Map();

  /**
   * To be asked once per observation, also when nothing is missing.
   *
   * @param missing the pods to remove
   * @param known how many pods the store knows
   * @param nowMs milliseconds since some fixed moment
   */
  review(missing: readonly string[], known: number, nowMs: number): RemovalDecision {
    const since = new Map(missing.map((podName) => [podName, this.missingSince.get(podName) ?? nowMs]));
    this.missingSince = since;
    const few = missing.length <= Math.max(ALWAYS_ALLOWED, known * ALLOWED_SHARE);
    const isConfirmed = (podName: string): boolean => nowMs - (since.get(podName) ?? nowMs) >= CONFIRMED_AFTER_MS;
    const allowed = new Set(few ? missing : missing.filter(isConfirmed));
    return { allowed, observeAgainAfterMs: allowed.size < missing.length ? OBSERVE_AGAIN_AFTER_MS : null };
  }
}
