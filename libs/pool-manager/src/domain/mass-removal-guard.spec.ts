import { podNames } from '../testing/fake-pod-source';
import { MassRemovalGuard } from './mass-removal-guard';

describe('MassRemovalGuard', () => {
  it('allows five pods at once when the fleet is small', () => {
    expect(new MassRemovalGuard().judge(podNames(5), 5)).toBe('allowed');
    expect(new MassRemovalGuard().judge(podNames(6), 6)).toBe('unconfirmed');
  });

  it('allows a fifth of the fleet at once when the fleet is large', () => {
    expect(new MassRemovalGuard().judge(podNames(20), 100)).toBe('allowed');
    expect(new MassRemovalGuard().judge(podNames(21), 100)).toBe('unconfirmed');
  });

  it('allows more when the same removals are called for twice in a row, in any order', () => {
    const guard = new MassRemovalGuard();
    guard.judge(podNames(10), 10);
    expect(guard.judge(podNames(10).reverse(), 10)).toBe('allowed');
  });

  it('asks again when the second observation differs', () => {
    const guard = new MassRemovalGuard();
    guard.judge(podNames(10), 20);
    expect(guard.judge(podNames(11), 20)).toBe('unconfirmed');
    expect(guard.judge(podNames(11), 20)).toBe('allowed');
  });

  it('asks again when the pods were back in between', () => {
    const guard = new MassRemovalGuard();
    guard.judge(podNames(10), 10);
    expect(guard.judge([], 10)).toBe('allowed');
    expect(guard.judge(podNames(10), 10)).toBe('unconfirmed');
  });

  it('asks again for the same pods when they were removed once before', () => {
    const guard = new MassRemovalGuard();
    guard.judge(podNames(10), 10);
    guard.judge(podNames(10), 10);
    expect(guard.judge(podNames(10), 10)).toBe('unconfirmed');
  });
});
