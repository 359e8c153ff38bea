import { LEASES, PODS, pathOf } from './resource';

it('finds objects of the core group', () => {
  const query = { labelSelector: 'app=voice-agent,track!=x', limit: '500' };
  expect(pathOf({ verb: 'list', resource: PODS, namespace: 'voice', query })).toBe(
    '/api/v1/namespaces/voice/pods?labelSelector=app%3Dvoice-agent%2Ctrack%21%3Dx&limit=500',
  );
});

it('finds an object of another group by its name', () => {
  expect(pathOf({ verb: 'get', resource: LEASES, namespace: 'voice', name: 'a/b' })).toBe(
    '/apis/coordination.k8s.io/v1/namespaces/voice/leases/a%2Fb',
  );
});
