import { type KubernetesObject, podTemplates } from './kubernetes-object';
import { typeProblems } from './kubernetes-types';
import { objectProblems } from './object-rules';
import { restrictedProblems } from './pod-security';
import { referenceProblems } from './reference-rules';
import { LEAST, merge, objectsOf, renderText, type Values } from './render';

/** What may be there or not, each with any of the others. */
const SWITCHES: readonly Values[] = [
  { mode: 'separate' },
  { api: { autoscaling: { enabled: true } } },
  { router: { enabled: true, exposeApi: true }, ingress: { enabled: true, hosts: ['a.example.com'] } },
  { agents: { enabled: true, image: { repository: 'agent' } }, config: { POD_DELETION_COST: true } },
  {
    networkPolicy: { enabled: true, egress: { enabled: true } },
    redis: { enabled: true },
    secrets: { redisUrl: { existingSecret: '' } },
  },
  {
    metrics: { force: true, serviceMonitor: { enabled: true }, dashboards: { enabled: true } },
    alerts: { enabled: true },
    httpRoute: { enabled: true, force: true, parentRefs: [{ name: 'public' }] },
    secrets: { twilioAuthToken: { value: 'token' } },
  },
];

const COMBINATIONS = Array.from({ length: 2 ** SWITCHES.length }, (_, bits) => ({
  bits: bits.toString(2).padStart(SWITCHES.length, '0'),
  values: SWITCHES.filter((_switch, index) => (bits >> index) & 1).reduce(merge, LEAST),
}));

it('is rendered alike by both Helms and keeps all rules in every combination of its parts', () => {
  const all: KubernetesObject[] = [];
  const problems = COMBINATIONS.flatMap(({ bits, values }) => {
    const yaml = renderText(values, { release: 'voice' });
    const objects = objectsOf(yaml);
    all.push(...objects);
    return [
      ...(renderText(values, { release: 'voice', major: 3 }) === yaml ? [] : ['Helm 3 renders it differently']),
      ...objectProblems(objects),
      ...referenceProblems(objects),
      ...podTemplates(objects).flatMap(restrictedProblems),
    ].map((problem) => `${bits}: ${problem}`);
  });

  expect(COMBINATIONS).toHaveLength(64);
  expect(problems).toEqual([]);
  expect(typeProblems(all)).toEqual([]);
});
