import { TIER_CONFIG_PUT } from '@smart-router/routing-store/testing';
import { TierConfigService } from '@smart-router/tier-config';
import { startTestApi, type TestApi } from '../testing/test-api';

const TIERS = { gold: { type: 'exclusive', target: 1 } };

describe('tier_config in /health/details', () => {
  let api: TestApi;

  beforeEach(async () => {
    api = await startTestApi({ TIER_CONFIG: JSON.stringify(TIERS) });
  });
  afterEach(() => api.close());

  const details = async () => (await api.get('/health/details')).body['details'] as Record<string, unknown>;

  it('has no warning where what is stored is in force, and is the one of the environment', async () => {
    expect((await details())['tier_config']).toEqual({ status: 'up', version: 1, in_force: 'store', rejected: null });
  });

  it('warns where the stored one is not that of the environment any more', async () => {
    await api.put('/api/v1/tier-config', { version: 1, tiers: { gold: { type: 'exclusive', target: 2 } } });
    expect((await details())['tier_config']).toMatchObject({
      status: 'up',
      version: 2,
      warnings: ['TIER_CONFIG_NOT_OF_ENVIRONMENT'],
    });
  });

  it('warns where a newer replica has stored one that this process cannot read', async () => {
    const newer = JSON.stringify({ version: 2, tiers: { gold: { type: 'elastic', target: 1 } } });
    const { text } = await api.store.documents.readTierConfig();
    await api.store.documents.replaceTierConfig(text, newer, 2, TIER_CONFIG_PUT);
    await api.app.get(TierConfigService, { strict: false }).refresh();
    expect((await details())['tier_config']).toMatchObject({
      status: 'up',
      version: 1,
      rejected: 'invalid',
      warnings: ['TIER_CONFIG_NOT_FOLLOWED'],
    });
  });
});
