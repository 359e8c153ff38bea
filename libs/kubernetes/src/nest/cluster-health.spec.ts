import { checkCluster } from './cluster-health';

const list = { verb: 'list', resource: 'pods', namespace: 'voice', outcome: '403' } as const;
const get = { verb: 'get', resource: 'leases', namespace: 'voice', outcome: 'no-answer' } as const;

it('is content when nothing fails', () => {
  expect(() => checkCluster({ failing: [] })).not.toThrow();
});

it('names all that fails in the words of RBAC', () => {
  expect(() => checkCluster({ failing: [list, get] })).toThrow(
    expect.objectContaining({
      code: 'KUBERNETES_CALLS_FAILING',
      message: expect.stringMatching(
        /list pods in namespace voice \(403\), get leases in namespace voice \(no-answer\)$/,
      ),
    }),
  );
});
