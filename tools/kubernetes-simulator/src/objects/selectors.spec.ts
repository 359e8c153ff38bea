import type { KubernetesObject } from './kubernetes-object';
import { fieldFilter, labelFilter, selectableFields } from './selectors';

const pod = (labels: Readonly<Record<string, string>>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: '', labels },
  status: { phase: 'Running' },
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

describe('fieldFilter', () => {
  const select = (selector: string): boolean => fieldFilter(selector, selectableFields('pods'))(pod({}));

  it.each([
    ['metadata.name=a,status.phase=Running', true],
    ['status.phase!=Running', false],
    ['spec.nodeName=', true],
  ])('decides by "%s": %s', (selector, expected) => {
    expect(select(selector)).toBe(expected);
  });

  it('throws when the field is not indexed', () => {
    expect(() => select('spec.color=red')).toThrow('field label not supported: spec.color');
  });
});
