import type { KubernetesObject } from './kubernetes-object';
import { labelFilter } from './label-selector';

const pod = (labels: Readonly<Record<string, string>>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '', labels },
});

describe('labelFilter', () => {
  it.each([
    ['app=agent', true],
    ['app==agent', true],
    ['app=agent,env', true],
    ['app=agent,!env', false],
    ['app in (agent, other), env notin (live)', true],
    ['missing!=x', true],
    ['missing notin (x)', true],
    ['missing in (x)', false],
    ['missing', false],
    ['', true],
  ])('decides by "%s": %s', (selector, expected) => {
    expect(labelFilter(selector)(pod({ app: 'agent', env: 'test' }))).toBe(expected);
  });

  it('throws when a requirement cannot be read', () => {
    expect(() => labelFilter('a b c')).toThrow('unable to parse requirement');
  });
});
