import { podNames } from '../testing/fake-pod-source';
import { MassRemovalGuard } from './mass-removal-guard';

const CONFIRMED_AFTER_MS = 5_000;

describe('MassRemovalGuard', () => {
  const fresh = (): { review: (missing: readonly string[], known: number, nowMs?: number) => string[] } => {
    const guard = new MassRemovalGuard();
    return { review: (missing, known, nowMs = 0) => [...guard.review(missing, known, nowMs).allowed] };
  };

  it('allows five pods at once when the fleet is small', () => {
    expect(fresh().review(podNames(5), 5)).toEqual(podNames(5));
    expect(fresh().review(podNames(6), 6)).toEqual([]);
  });

  it('allows a fifth of the fleet at once when the fleet is large', () => {
    expect(fresh().review(podNames(20), 100)).toEqual(podNames(20));
    expect(fresh().review(podNames(21), 100)).toEqual([]);
  });

  it('allows more when they are still missing after a while', () => {
    const { review } = fresh();
    review(podNames(10), 10);
    expect(review(podNames(10), 10, CONFIRMED_AFTER_MS - 1)).toEqual([]);
    expect(review(podNames(10).reverse(), 10, CONFIRMED_AFTER_MS)).toHaveLength(10);
  });

  it('allows those that were missing before when others are missing, too, each time', () => {
    const { review } = fresh();
    const pods = podNames(40);
    for (let round = 0; round < 4; round++) {
      const allowed = review(pods.slice(Math.max(0, round - 1) * 10, (round + 1) * 10), 40, round * CONFIRMED_AFTER_MS);
      expect(allowed).toEqual(round === 0 ? [] : pods.slice((round - 1) * 10, round * 10));
    }
  });

  it('allows those that stay away when others return', () => {
    const { review } = fresh();
    review(podNames(10), 10);
    expect(review(podNames(8), 10, CONFIRMED_AFTER_MS)).toEqual(podNames(8));
  });

  it('begins anew when the pods were back in between', () => {
    const { review } = fresh();
    review(podNames(10), 10);
    review([], 10, CONFIRMED_AFTER_MS - 1);
    expect(review(podNames(10), 10, CONFIRMED_AFTER_MS)).toEqual([]);
  });

  it('allows the same pods again when their removal failed', () => {
    const { review } = fresh();
    review(podNames(10), 10);
    review(podNames(10), 10, CONFIRMED_AFTER_MS);
    expect(review(podNames(10), 10, CONFIRMED_AFTER_MS)).toHaveLength(10);
  });

  it('asks for another observation, late enough to confirm, as long as some are not allowed', () => {
    const guard = new MassRemovalGuard();
    const wait = guard.review(podNames(10), 10, 0).observeAgainAfterMs ?? 0;
    expect(wait).toBeGreaterThanOrEqual(CONFIRMED_AFTER_MS);
    expect(guard.review(podNames(10), 10, wait)).toEqual({ allowed: new Set(podNames(10)), observeAgainAfterMs: null });
  });
});
