import { leadershipFacts } from './leadership-facts';

const WORK = {
  isLeader: () => true,
  epoch: () => 7,
  holder: () => 'router-0_1',
  check: () => undefined,
  podSourceProblem: () => 'pods: it is not readable',
};

it('reports who leads under which epoch, and what is wrong with the list of pods', () => {
  expect(leadershipFacts(WORK)).toEqual({
    is_leader: true,
    epoch: 7,
    lease_holder: 'router-0_1',
    pod_source_problem: 'pods: it is not readable',
  });
});

it('fails when work continues beyond its time', () => {
  const check = (): void => {
    throw new Error('overrun');
  };
  expect(() => leadershipFacts({ ...WORK, check })).toThrow('overrun');
});
