import { podNames } from '../testing/fake-pod-source';
import { MassRemovalGuard } from './mass-removal-guard';

const CONFIRMED_AFTER_MS = 5_000;

describe('MassRemovalGuard', () => {
  const guard = (): { judged: (missing: readonly string[], known: number, nowMs?: number) => string[] } => {
    const judge = new MassRemovalGuard();
    return { judged: (missing, known, nowMs = 0) => [...judge.judge(missing, known, nowMs).allowed] };
  };

  it('allows five pods at once when the fleet is small', () => {
    expect(guard().judged(podNames(5), 5)).toEqual(podNames(5));
    expect(guard().judged(podNames(6), 6)).toEqual([]);
  });

  it('allows a fifth of the fleet at once when the fleet is large', () => {
    expect(guard().judged(podNames(20), 100)).toEqual(podNames(20));
    expect(guard().judged(podNames(21), 100)).toEqual([]);
  });

  it('allows more when they are still missing after a while', () => {
    const { judged } = guard();
    judged(podNames(10), 10);
    expect(judged(podNames(10), 10, CONFIRMED_AFTER_MS - 1)).toEqual([]);
    expect(judged(podNames(10).reverse(), 10, CONFIRMED_AFTER_MS)).toHaveLength(10);
  });

  it('allows those that were missing before when others are missing, too, each time', () => {
    const { judged } = guard();
    const pods = podNames(40);
    for (let pass = 0; pass < 4; pass++) {
      const allowed = judged(pods.slice(Math.max(0, pass - 1) * 10, (pass + 1) * 10), 40, pass * CONFIRMED_AFTER_MS);
      expect(allowed).toEqual(pass === 0 ? [] : pods.slice((pass - 1) * 10, pass * 10));
    }
  });

  it('allows those that stay away when others return', () => {
    const { judged } = guard();
    judged(podNames(10), 10);
    expect(judged(podNames(8), 10, CONFIRMED_AFTER_MS)).toEqual(podNames(8));
  });

  it('begins anew when the pods were back in between', () => {
    const { judged } = guard();
    judged(podNames(10), 10);
    judged([], 10, CONFIRMED_AFTER_MS - 1);
    expect(judged(podNames(10), 10, CONFIRMED_AFTER_MS)).toEqual([]);
  });

  it('allows the same pods again when their removal failed', () => {
    const { judged } = guard();
    judged(podNames(10), 10);
    judged(podNames(10), 10, CONFIRMED_AFTER_MS);
    expect(judged(podNames(10), 10, CONFIRMED_AFTER_MS)).toHaveLength(10);
  });

  it('asks for another observation, late enough to confirm, as long as some are not allowed', () => {
    const judge = new MassRemovalGuard();
    const wait = judge.judge(podNames(10), 10, 0).observeAgainAfterMs ?? 0;
    expect(wait).toBeGreaterThanOrEqual(CONFIRMED_AFTER_MS);
    expect(judge.judge(podNames(10), 10, wait)).toEqual({ allowed: new Set(podNames(10)), observeAgainAfterMs: null });
  });
});
