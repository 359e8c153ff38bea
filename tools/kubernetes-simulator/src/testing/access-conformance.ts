import { MERGE_PATCH } from '../objects/merge-patch';
import { type ConformanceContext, podBody, READER, READER_RULES } from './conformance-context';
import { KubeconfigClient } from './kubeconfig-client';

const PODS = '/api/v1/namespaces/default/pods';
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases';

export function describeAccess(here: () => ConformanceContext): void {
  describe('access', () => {
    const reader = (): KubeconfigClient => new KubeconfigClient(here().target.kubeconfig(READER));

    it('answers 401 when the token is not known', async () => {
      const { status, body } = await here().client.send('GET', PODS, { token: 'unknown' });

      expect(status).toBe(401);
      expect(body).toMatchObject({ reason: 'Unauthorized', message: 'Unauthorized', code: 401 });
    });

    it('allows what a rule allows', async () => {
      expect((await reader().get(`${LEASES}/nobody`)).status).toBe(404);
    });

    const refusals: [method: string, path: string, message: string][] = [
      [
        'GET',
        PODS,
        'pods is forbidden: User "reader" cannot list resource "pods" in API group "" in the namespace "default"',
      ],
      [
        'GET',
        `${PODS}?watch=true`,
        'pods is forbidden: User "reader" cannot watch resource "pods" in API group "" in the namespace "default"',
      ],
      [
        'GET',
        '/api/v1/pods',
        'pods is forbidden: User "reader" cannot list resource "pods" in API group "" at the cluster scope',
      ],
      [
        'GET',
        `${PODS}/a`,
        'pods "a" is forbidden: User "reader" cannot get resource "pods" in API group "" in the namespace "default"',
      ],
      [
        'PATCH',
        `${PODS}/a/status`,
        'pods "a" is forbidden: User "reader" cannot patch resource "pods/status" in API group "" in the namespace ' +
          '"default"',
      ],
      [
        'PUT',
        `${LEASES}/a`,
        'leases.coordination.k8s.io "a" is forbidden: User "reader" cannot update resource "leases" in API group ' +
          '"coordination.k8s.io" in the namespace "default"',
      ],
    ];
    it.each(refusals)('answers 403 in the words of RBAC to %s %s', async (method, path, message) => {
      const body = method === 'GET' ? undefined : {};

      const answer = await reader().send(method, path, {
        body,
        contentType: method === 'PATCH' ? MERGE_PATCH : undefined,
      });

      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ reason: 'Forbidden', message, code: 403 });
    });

    it('applies rules that change', async () => {
      const { target } = here();
      const creates = { verbs: ['create' as const], resources: ['pods'], namespace: 'default' };
      const create = (name: string) => reader().send('POST', PODS, { body: podBody(name) });
      const name = `by-reader-${Date.now()}`;

      await target.setRules(READER, [creates]);
      const allowed = await create(name);
      await target.setRules(READER, READER_RULES);
      const refused = await create(`${name}-2`);

      expect([allowed.status, refused.status]).toEqual([201, 403]);
    });
  });
}
