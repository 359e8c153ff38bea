import { DataLossGuard } from './data-loss-guard';

const POD = { podName: 'pod-0', incarnation: 'first', ready: true, terminating: false };
const EMPTY = { pods: [], pools: [] };
const BUILT = { pods: [], pools: ['gold'] };

describe('DataLossGuard', () => {
  it('delays nothing in a store that was empty from the start', () => {
    const guard = new DataLossGuard(0);
    expect(guard.see(EMPTY, 0)).toBe(false);
    expect(guard.admit([POD], 0)).toEqual([POD]);
    expect(guard.waitMs(0)).toBe(0);
  });

  it('holds pods back when a process that has run for a while finds a store without pools', () => {
    const guard = new DataLossGuard(0);
    expect(guard.see(EMPTY, 10_001)).toBe(true);
    expect(guard.admit([POD], 10_001)).toEqual([{ ...POD, ready: false }]);
  });

  it('holds pods back once for one loss, however often it is asked meanwhile', () => {
    const guard = new DataLossGuard(0);
    guard.see(BUILT, 0);
    expect([guard.see(EMPTY, 1_000), guard.see(EMPTY, 2_000)]).toEqual([true, false]);
    expect(guard.waitMs(2_000)).toBe(1_000);
  });

  it('holds pods back when pools have gone that were there', () => {
    const guard = new DataLossGuard(0);
    guard.see(BUILT, 0);
    expect(guard.see(EMPTY, 1_000)).toBe(true);
    expect(guard.admit([POD], 1_000)).toEqual([{ ...POD, ready: false }]);
    expect(guard.waitMs(1_500)).toBe(1_500);
  });

  it('keeps holding them back when the pools are there again, and offers them after two seconds', () => {
    const guard = new DataLossGuard(0);
    guard.see(BUILT, 0);
    guard.see(EMPTY, 1_000);
    expect(guard.see(BUILT, 2_000)).toBe(false);
    expect(guard.admit([POD], 2_999)).toEqual([{ ...POD, ready: false }]);
    expect(guard.admit([POD], 3_000)).toEqual([POD]);
  });
});
