import { explainChain } from './explain-chain';

const POOL = {
  type: 'exclusive',
  assigned: 2,
  available: 0,
  active_calls: 2,
  capacity: 2,
  target: 2,
  draining: 0,
} as const;
const POOLS = {
  busy: POOL,
  free: { ...POOL, available: 1 },
  second: { ...POOL, available: 2 },
  empty: { ...POOL, assigned: 0 },
  leaving: { ...POOL, draining: 2 },
};

describe('explainChain', () => {
  it('says what each pool answers, and which is the first with room', () => {
    const attempts = explainChain(['gone', 'empty', 'leaving', 'busy', 'free', 'second'], POOLS);
    expect(attempts.map(({ answer, gives, pool }) => [pool, answer, gives])).toEqual([
      ['gone', 'unknown_pool', false],
      ['empty', 'no_pods', false],
      ['leaving', 'draining', false],
      ['busy', 'full or not_ready', false],
      ['free', 'has room', true],
      ['second', 'has room', false],
    ]);
  });

  it('finds none where no pool has room', () => {
    expect(explainChain(['busy'], POOLS).some(({ gives }) => gives)).toBe(false);
  });
});
