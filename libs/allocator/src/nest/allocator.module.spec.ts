import { OPERATOR } from '@smart-router/routing-store/testing';
import { Test, type TestingModule } from '@nestjs/testing';
import type { RoutingStore } from '@smart-router/routing-store';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import { activateSettings, loadSettings } from '@smart-router/settings';
import { InvalidWsUrlTemplateError } from '../domain/ws-url-template';
import { CallAllocator, CallReleaser, PodDrainer } from '../index';
import { AllocatorModule } from './allocator.module';

function build(wsUrlTemplate: string): Promise<TestingModule> {
  const settings = loadSettings({ LOG_LEVEL: 'fatal', TIER_CONFIG: '{"standard":1}' }, 'smart-router');
  const wsUrl = { ...settings.wsUrl, template: wsUrlTemplate, baseUrl: 'wss://voice.example.com' };
  activateSettings({ ...settings, wsUrl });
  return Test.createTestingModule({ imports: [AllocatorModule] }).compile();
}

describe('AllocatorModule', () => {
  it('allocates, drains and releases over one store', async () => {
    const module = await (await build('{base_url}/pods/{pod_name}/{call_sid}')).init();
    const store = module.get<RoutingStore>(ROUTING_STORE, { strict: false });
    const epoch = await store.leadership.claimEpoch();
    await store.pods.configurePool(epoch, 'standard', { type: 'exclusive', maxConcurrent: 1 });
    await store.pods.registerPod(epoch, { podName: 'pod-0', incarnation: 'first', ready: true, pool: 'standard' });

    expect(await module.get(CallAllocator).allocate({ callSid: 'CA1', merchantId: '' })).toMatchObject({
      kind: 'allocated',
      wsUrl: 'wss://voice.example.com/pods/pod-0/CA1',
    });
    expect(await module.get(PodDrainer).drain('pod-0', OPERATOR)).toEqual({ kind: 'draining', activeCalls: 1 });
    expect(await module.get(CallReleaser).release('CA1')).toMatchObject({ kind: 'released', wasDraining: true });
    await module.close();
  });

  it('stops the start when the template of media URLs cannot be used', async () => {
    await expect(build('{base_url}/{pod}')).rejects.toThrow(InvalidWsUrlTemplateError);
  });
});
