import type { PodView } from '@smart-router/routing-store';
import { podDetail } from './pod-body';

const POD: PodView = {
  podName: 'p-0',
  pool: 'gold',
  status: 'draining',
  isDraining: true,
  drain: { sinceMs: 1_767_225_600_000, endsMs: null },
  ready: true,
  terminating: false,
  incarnation: 'life-1',
  leaseCallSid: null,
  calls: [],
};

describe('podDetail', () => {
  it('shows when a drain began and ends', () => {
    const shown = { draining_since: '2026-01-01T00:00:00.000Z', drain_ends_at: null };
    expect(podDetail(POD)).toMatchObject(shown);
    expect(podDetail({ ...POD, isDraining: false, drain: null })).toMatchObject({ draining_since: null });
  });

  it('shows a pod whose drain was given by hand a beginning and an end that are no times', () => {
    const shown = podDetail({ ...POD, drain: { sinceMs: NaN, endsMs: 1e300 } });
    expect([typeof shown.draining_since, typeof shown.drain_ends_at]).toEqual(['string', 'string']);
  });
});
