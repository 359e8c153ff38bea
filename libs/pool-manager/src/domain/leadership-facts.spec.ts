import { leadershipFacts } from './leadership-facts';

const WORK = { isLeader: () => true, epoch: () => 7, holder: () => 'router-0_1', check: () => undefined };

it('tells who leads, and under which epoch', () => {
  expect(leadershipFacts(WORK)).toEqual({ is_leader: true, epoch: 7, lease_holder: 'router-0_1' });
});

it('fails when work goes on beyond its time', () => {
  const check = (): void => {
    throw new Error('overrun');
  };
  expect(() => leadershipFacts({ ...WORK, check })).toThrow('overrun');
});
