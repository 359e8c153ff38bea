import type { PoolAttempt } from './calls';
import { chainText, refusalReason } from './refusal';

const chain = (...outcomes: PoolAttempt['outcome'][]): PoolAttempt[] =>
  outcomes.map((outcome, index) => ({ pool: `pool-${index}`, outcome }));

describe('refusalReason', () => {
  it('returns the outcome that came nearest to a pod, wherever it stands in the chain', () => {
    expect(refusalReason(chain('unknown_pool', 'full', 'no_pods'))).toBe('full');
    expect(refusalReason(chain('no_pods', 'draining'))).toBe('draining');
    expect(refusalReason(chain('unknown', 'not_ready'))).toBe('unknown');
  });

  it('returns empty_chain where nothing was tried', () => {
    expect(refusalReason([])).toBe('empty_chain');
  });
});

it('writes the chain as one text', () => {
  expect(chainText(chain('full', 'no_pods'))).toBe('pool-0=full,pool-1=no_pods');
});
