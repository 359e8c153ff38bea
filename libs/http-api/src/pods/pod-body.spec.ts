import type { PodView } from '@smart-router/routing-store';
import { podDetail } from './pod-body';

const POD: PodView = {
  podName: 'pod-1',
  pool: 'gold',
  status: 'draining',
  isDraining: true,
  drain: { sinceMs: 0, endsMs: null },
  ready: true,
  terminating: false,
  incarnation: 'first',
  leaseCallSid: null,
  calls: [],
};

it.each([
  ['no number', NaN, '1970-01-01T00:00:00.000Z'],
  ['no time that there is', 1e300, '+275760-09-13T00:00:00.000Z'],
])('a pod is shown when a hand has written that it drains since %s', (_name, sinceMs, shown) => {
  expect(podDetail({ ...POD, drain: { sinceMs, endsMs: sinceMs } })).toMatchObject({
    draining_since: shown,
    drain_ends_at: shown,
  });
});
