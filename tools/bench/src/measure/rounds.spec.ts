import { inRounds } from './rounds';

const recorded = async (rounds: number) => {
  const order: string[] = [];
  const contestant = (name: string) => (round: number) => {
    order.push(`${name}${round}`);
    return Promise.resolve(`${name}${round}`);
  };
  const results = await inRounds(rounds, { a: contestant('a'), b: contestant('b') });
  return { order, results };
};

describe('inRounds', () => {
  it('measures every contestant in every round, and turns the order round', async () => {
    expect((await recorded(3)).order).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
  });

  it('returns the results of each contestant in the order of the rounds', async () => {
    expect((await recorded(3)).results).toEqual({ a: ['a0', 'a1', 'a2'], b: ['b0', 'b1', 'b2'] });
  });
});
