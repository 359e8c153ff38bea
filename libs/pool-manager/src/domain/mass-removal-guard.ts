export type RemovalVerdict = 'allowed' | 'unconfirmed';

const ALWAYS_ALLOWED = 5;
const ALLOWED_SHARE = 0.2;

/**
 * Stands between a list of pods that may be wrong and the calls of the pods that are missing from it.
 *
 * Guarantees: more than 5 pods that are also more than 20 % of those known are removed only if the list of the pass
 * before called for the very same removals. A wrong list that lasts for two passes gets through; so does one that
 * takes pods away little by little.
 */
export class MassRemovalGuard {
  private awaited: string | null = null;

  /**
   * Asks once per observation, also when it removes nothing.
   *
   * @param podNames the pods to remove, in any order
   * @param known how many pods the store knows
   */
  judge(podNames: readonly string[], known: number): RemovalVerdict {
    const removals = JSON.stringify([...podNames].sort());
    const confirmed = this.awaited === removals;
    const small = podNames.length <= Math.max(ALWAYS_ALLOWED, known * ALLOWED_SHARE);
    this.awaited = small || confirmed ? null : removals;
    return small || confirmed ? 'allowed' : 'unconfirmed';
  }
}
