import { loadSettings } from '@smart-router/settings';
import { KubernetesApiError, KubernetesUnreachableError } from '../api/api-errors';
import type { ApiCall } from '../api/resource';
import { reachCluster } from './reach-cluster';

const ENVIRONMENT = { REDIS_URL: 'redis://127.0.0.1:1', POD_SOURCE: 'kubernetes', NAMESPACE: 'voice' };

/** Asks once. @returns what was asked */
async function ask(election: string, failure?: (call: ApiCall) => Error): Promise<ApiCall[]> {
  const asked: ApiCall[] = [];
  const call = async (one: ApiCall): Promise<unknown> => {
    asked.push(one);
    if (failure) throw failure(one);
    return {};
  };
  const settings = loadSettings({ ...ENVIRONMENT, LEADER_ELECTION: election }, 'leader-worker');
  await reachCluster({ call }, settings, new AbortController().signal);
  return asked;
}

const refusal =
  (code: number) =>
  (call: ApiCall): Error =>
    new KubernetesApiError(call, { code, reason: '', message: '', retryAfterMs: null });

it('asks for the lease when leadership depends on it', async () => {
  expect(await ask('kubernetes')).toMatchObject([
    { verb: 'get', resource: { plural: 'leases' }, namespace: 'voice', name: 'smart-router-leader' },
  ]);
});

it('asks for one of the pods when leadership does not depend on the cluster', async () => {
  expect(await ask('redis')).toMatchObject([
    { verb: 'list', resource: { plural: 'pods' }, namespace: 'voice', query: { limit: '1' } },
  ]);
});

it('takes it for an answer that there is no lease yet', async () => {
  expect(await ask('kubernetes', refusal(404))).toHaveLength(1);
});

it('fails with verb and resource when it is not permitted', async () => {
  await expect(ask('kubernetes', refusal(403))).rejects.toThrow('get is forbidden in namespace voice');
});

it('fails when there is no answer', async () => {
  const unreachable = (call: ApiCall): Error => new KubernetesUnreachableError(call, new Error('ECONNREFUSED'));
  await expect(ask('redis', unreachable)).rejects.toThrow('ECONNREFUSED');
});
