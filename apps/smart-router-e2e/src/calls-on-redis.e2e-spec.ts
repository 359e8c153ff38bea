import { waitFor } from '@smart-router/testbed';
import { type DistributedFleet, startDistributedFleet } from './fleet/fleet';
import { openKeys } from './fleet/stored-keys';
import { describeCalls } from './scenarios/call-scenarios';
import { describeWebhooks } from './scenarios/webhook-scenarios';

describe('two processes of the API and a leader worker on Redis', () => {
  let fleet: DistributedFleet;

  beforeAll(async () => {
    fleet = await startDistributedFleet();
  });

  afterAll(() => fleet?.stop());

  describeCalls(() => fleet);
  describeWebhooks(() => fleet);

  it('shows who leads to both, and that it is neither', async () => {
    for (const api of [fleet.first, fleet.second]) {
      const { body } = await api.status();
      expect(body).toMatchObject({ status: 'up', is_leader: false, store: { kind: 'redis' } });
      expect(body.leader).toEqual({ identity: expect.any(String), epoch: 1, since: expect.any(String) });
    }
  });

  it('reconciles at once when it is asked to', async () => {
    const redis = openKeys(fleet.redis.url);
    try {
      const { pod_name } = await fleet.first.allocated('asked-1');
      expect(await redis.smembers('voice:pool:standard:available')).toEqual([]);
      await redis.del('voice:call:asked-1');
      expect((await fleet.second.reconcile()).body).toMatchObject({ success: true });
      await waitFor(() => redis.sismember('voice:pool:standard:available', pod_name), {
        timeoutMs: 20_000,
        description: 'the pod to be offered again, long before the interval is over',
      });
    } finally {
      redis.disconnect();
    }
  });

  it('offers nothing but health and metrics on the worker', async () => {
    const answers = await Promise.all(
      ['/health', '/ready', '/health/startup', '/api/v1/status', '/docs'].map((path) =>
        fetch(fleet.worker.baseUrl + path),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 404]);
  });
});
