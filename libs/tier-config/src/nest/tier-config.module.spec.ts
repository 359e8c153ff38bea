import { OPERATOR, TIER_CONFIG_PUT } from '@smart-router/routing-store/testing';
import { Test, type TestingModule } from '@nestjs/testing';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import { activateSettings, loadSettings } from '@smart-router/settings';
import { StartupManager } from '@smart-router/startup/nest';
import { ChainResolver, InvalidTierConfigError, MerchantConfigs, TierConfigService } from '../index';
import { TierConfigModule } from './tier-config.module';

function build(tierConfig: string): Promise<TestingModule> {
  activateSettings(loadSettings({ TIER_CONFIG: tierConfig, LOG_LEVEL: 'fatal' }, 'smart-router'));
  return Test.createTestingModule({ imports: [TierConfigModule] }).compile();
}

async function started(tierConfig: string): Promise<TestingModule> {
  const module = await build(tierConfig);
  const manager = module.get(StartupManager, { strict: false });
  await manager.start();
  await manager.settled();
  return module;
}

describe('TierConfigModule', () => {
  it('has stored the config of the environment when it is initialised', async () => {
    const module = await started('{"bronze":2}');
    const store = module.get<RoutingStore>(ROUTING_STORE, { strict: false });

    expect((await store.documents.readTierConfig()).text).toContain('bronze');
    expect(module.get(TierConfigService).current().version).toBe(1);
    await module.close();
  });

  it('gives services that all go by the config in force', async () => {
    const module = await started('{"bronze":2}');
    await module.get(TierConfigService).replace({ silver: 1, gold: 1 }, { version: 1 }, OPERATOR);

    expect(module.get(ChainResolver).chainFor('').chain).toEqual(['silver', 'gold']);
    expect(await module.get(MerchantConfigs).put('acme', { tier: 'gold' }, { by: OPERATOR })).toMatchObject({
      kind: 'changed',
    });
    await module.close();
  });

  it('does not follow a change after it was closed', async () => {
    const module = await started('{"bronze":2}');
    const store = module.get<RoutingStore>(ROUTING_STORE, { strict: false });
    const service = module.get(TierConfigService);
    await module.close();
    const { text } = await store.documents.readTierConfig();
    await store.documents.replaceTierConfig(text, '{"gold":1}', 2, TIER_CONFIG_PUT);
    await service.refresh();

    expect([...service.current().tiers.keys()]).toEqual(['bronze']);
  });

  it('stops the start when the config of the environment cannot be used', async () => {
    await expect(build('{"bronze":-2}')).rejects.toThrow(InvalidTierConfigError);
  });
});
