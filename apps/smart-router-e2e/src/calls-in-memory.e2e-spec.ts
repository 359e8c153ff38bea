import { type ApiClient, type AppProcess } from '@smart-router/testbed';
import { startCombined } from './fleet/fleet';
import { describeCalls } from './scenarios/call-scenarios';
import { describeWebhooks } from './scenarios/webhook-scenarios';

describe('one process with the embedded store', () => {
  let app: AppProcess;
  let api: ApiClient;

  beforeAll(async () => {
    ({ app, api } = await startCombined());
  });

  afterAll(() => app?.kill());

  describeCalls(() => ({ first: api, second: api }));
  describeWebhooks(() => ({ first: api, second: api }));

  it('leads itself, says which store it has, and warns that it forgets', async () => {
    const { body } = await api.status();
    expect(body).toMatchObject({ status: 'up', is_leader: true, store: { kind: 'memory' } });
    expect(body.leader).toMatchObject({ epoch: 1 });
    expect(
      app.logs.filter(({ level, msg }) => level === 'warn' && String(msg).includes('embedded store')),
    ).toHaveLength(1);
  });

  it('has pods of its own, and one for the first call, when nothing is configured', async () => {
    const bare = await startCombined({ STATIC_PODS: '', TIER_CONFIG: '' });
    try {
      expect((await bare.api.pod('voice-agent-0')).body).toMatchObject({ status: 'available' });
      expect(await bare.api.allocated('first')).toMatchObject({ source_pool: 'pool:standard' });
    } finally {
      await bare.app.kill();
    }
  });
});
