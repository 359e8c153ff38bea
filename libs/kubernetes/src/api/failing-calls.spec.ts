import { ManualClock } from '@smart-router/scheduling/testing';
import { FailingCalls } from './failing-calls';
import { type ApiCall, LEASES, PODS } from './resource';

const LIST: ApiCall = { verb: 'list', resource: PODS, namespace: 'voice' };
const GET: ApiCall = { verb: 'get', resource: LEASES, namespace: 'voice', name: 'leader' };

it('names verb, resource and namespace from a failure to the next success', () => {
  const calls = new FailingCalls(new ManualClock());
  calls.failed(LIST, '403');
  expect(calls.list()).toEqual([{ verb: 'list', resource: 'pods', namespace: 'voice', outcome: '403' }]);
  calls.succeeded(LIST);
  expect(calls.list()).toEqual([]);
});

it('keeps the last failure of each kind of call apart from others', () => {
  const calls = new FailingCalls(new ManualClock());
  calls.failed(LIST, '500');
  calls.failed(LIST, '403');
  calls.failed(GET, 'no-answer');
  calls.succeeded({ ...LIST, verb: 'watch' });
  expect(calls.list().map(({ verb, outcome }) => `${verb} ${outcome}`)).toEqual(['list 403', 'get no-answer']);
});

it('forgets what is not tried any more', async () => {
  const clock = new ManualClock();
  const calls = new FailingCalls(clock);
  calls.failed(LIST, 'no-answer');
  await clock.advance(90_000);
  calls.failed(GET, 'no-answer');
  await clock.advance(31_000);
  expect(calls.list().map(({ verb }) => verb)).toEqual(['get']);
});

it.each(['404', '409', '410', '422'])('takes %s for an answer', (outcome) => {
  const calls = new FailingCalls(new ManualClock());
  calls.failed(GET, 'no-answer');
  calls.failed(GET, outcome);
  expect(calls.list()).toEqual([]);
});

describe('a write that succeeds', () => {
  const UPDATE: ApiCall = { ...GET, verb: 'update' };

  it.each(['no-answer', '429', '503'])('shows that the object can be read, too, after %s', (outcome) => {
    const calls = new FailingCalls(new ManualClock());
    calls.failed(UPDATE, outcome);
    calls.failed(GET, outcome);
    calls.succeeded(UPDATE);
    expect(calls.list()).toEqual([]);
  });

  it.each<[string, ApiCall, string]>([
    ['a read that was refused', GET, '403'],
    ['a read whose answer cannot be read', GET, 'bad-answer'],
    ['a list', { ...GET, verb: 'list' }, 'no-answer'],
    ['a read in another namespace', { ...GET, namespace: 'other' }, 'no-answer'],
    ['a read of another resource', { ...GET, resource: PODS }, 'no-answer'],
  ])('says nothing of %s', (_, call, outcome) => {
    const calls = new FailingCalls(new ManualClock());
    calls.failed(call, outcome);
    calls.succeeded(UPDATE);
    expect(calls.list()).toHaveLength(1);
  });

  it('is not shown by a read', () => {
    const calls = new FailingCalls(new ManualClock());
    calls.failed(UPDATE, 'no-answer');
    calls.succeeded(GET);
    expect(calls.list()).toHaveLength(1);
  });
});

it('knows whether anything was asked at all', () => {
  const calls = new FailingCalls(new ManualClock());
  expect(calls.hasAsked).toBe(false);
  calls.failed(GET, '404');
  expect(calls.hasAsked).toBe(true);
});
