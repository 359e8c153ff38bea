import { podObject } from '../testing/pod-object';
import { readKubernetesPod } from './kubernetes-pod';

it('takes a running pod with an address and condition Ready for ready', () => {
  expect(readKubernetesPod(podObject('pod-1'))).toEqual({
    kind: 'pod',
    pod: {
      podName: 'pod-1',
      incarnation: 'pod-1-uid',
      ready: true,
      terminating: false,
      metadata: { ip: '10.0.0.1', node: 'node-1', phase: 'Running', image: 'voice-agent:1', restarts: '2' },
    },
    uid: 'pod-1-uid',
    hasAgent: true,
    deletionCost: 0,
  });
});

it.each([
  ['is pending', { status: { phase: 'Pending' } }],
  ['has condition Ready false', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }],
  [
    'has condition Ready unknown, as on a lost node',
    { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
  ],
  ['has no conditions', { status: { conditions: undefined } }],
  ['has only other conditions', { status: { conditions: [{ type: 'ContainersReady', status: 'True' }] } }],
  ['has no address', { status: { podIP: undefined } }],
  ['has an empty address', { status: { podIP: '' } }],
])('takes a pod for not ready that %s', (_, changes) => {
  expect(readKubernetesPod(podObject('pod-1', changes))).toMatchObject({ pod: { ready: false, terminating: false } });
});

it('takes a pod with a deletionTimestamp for terminating, and not for ready', () => {
  const object = podObject('pod-1', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
  expect(readKubernetesPod(object)).toMatchObject({ pod: { ready: false, terminating: true } });
});

it('takes a pod that has no status yet for not ready', () => {
  const { metadata } = podObject('pod-1');
  expect(readKubernetesPod({ metadata })).toMatchObject({ pod: { ready: false, metadata: { restarts: '0' } } });
});

it.each([
  ['7', 7],
  ['-3', -3],
  ['seven', null],
])('reads the deletion cost %s', (text, deletionCost) => {
  const annotations = { 'controller.kubernetes.io/pod-deletion-cost': text };
  expect(readKubernetesPod(podObject('pod-1', { metadata: { annotations } }))).toMatchObject({ deletionCost });
});

it.each(['Succeeded', 'Failed'])('takes a pod of phase %s for over', (phase) => {
  expect(readKubernetesPod(podObject('pod-1', { status: { phase } }))).toEqual({ kind: 'over', podName: 'pod-1' });
});

it.each(['metadata', 'x'.repeat(129)])('cannot use a pod called %s', (name) => {
  expect(readKubernetesPod(podObject(name)).kind).toBe('unusable');
});

describe('the incarnation of a pod', () => {
  const ID = `containerd://${'0123456789abcdef'.repeat(4)}`;
  const containers = [{ name: 'agent' }, { name: 'proxy' }];

  function incarnation(containerStatuses: readonly object[], agentContainer: string | null = null): string {
    const object = { ...podObject('pod-1', { status: { containerStatuses } }), spec: { containers } };
    const found = readKubernetesPod(object, agentContainer);
    return found.kind === 'pod' ? found.pod.incarnation : found.kind;
  }

  it('holds the restarts and the id of the first container, wherever its state is listed', () => {
    const statuses = [
      { name: 'proxy', restartCount: 7 },
      { name: 'agent', restartCount: 2, containerID: ID },
    ];
    expect(incarnation(statuses)).toBe('pod-1-uid/2/0123456789ab');
  });

  it('holds those of the container that is named', () => {
    const statuses = [
      { name: 'agent', restartCount: 2, containerID: ID },
      { name: 'proxy', restartCount: 7 },
    ];
    expect(incarnation(statuses, 'proxy')).toBe('pod-1-uid/7');
  });

  it('is what is known of it, where the container was not created yet or its state is lost', () => {
    expect(incarnation([{ name: 'agent', restartCount: 0, containerID: '' }])).toBe('pod-1-uid/0');
    expect(incarnation([])).toBe('pod-1-uid');
  });

  it('counts no restarts of a container that the pod does not have', () => {
    const object = { ...podObject('pod-1'), spec: { containers } };
    expect(readKubernetesPod(object, 'agnet')).toMatchObject({ hasAgent: false, pod: { incarnation: 'pod-1-uid' } });
    expect(readKubernetesPod(object, 'proxy')).toMatchObject({ hasAgent: true });
  });
});
