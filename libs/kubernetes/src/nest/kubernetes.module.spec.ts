import { Test } from '@nestjs/testing';
import { activateSettings, loadSettings } from '@smart-router/settings';
import { StartupManager } from '@smart-router/startup/nest';
import { KubernetesModule } from './kubernetes.module';

const REDIS_URL = 'redis://127.0.0.1:1';

async function registered(environment: Readonly<Record<string, string>>): Promise<readonly string[]> {
  activateSettings(loadSettings({ REDIS_URL, LOG_LEVEL: 'fatal', ...environment }, 'smart-router'));
  const module = await Test.createTestingModule({ imports: [KubernetesModule] }).compile();
  const { components } = module.get(StartupManager, { strict: false }).report();
  await module.close();
  return Object.keys(components);
}

it.each([
  ['pods come from the cluster', { POD_SOURCE: 'kubernetes', LEADER_ELECTION: 'redis' }],
  ['a Lease elects', { POD_SOURCE: 'static', STATIC_PODS: 'pod-1', LEADER_ELECTION: 'kubernetes' }],
])('is a component of the start when %s', async (_, environment) => {
  expect(await registered(environment)).toContain('kubernetes');
});

it('is no component of the start when nothing asks the cluster', async () => {
  expect(await registered({ STATIC_PODS: 'pod-1', LEADER_ELECTION: 'redis' })).not.toContain('kubernetes');
});
