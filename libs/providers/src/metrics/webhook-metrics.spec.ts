import { registry } from '@smart-router/metrics';
import { createProviders } from '../domain/registry';
import { sampleSettings } from '../testing/sample-webhooks';
import { cleanupMetrics, webhookMetrics } from './webhook-metrics';

const observe = () => {
  const settings = sampleSettings({ exotel: { webhookTokens: () => ['secret'] } });
  return webhookMetrics(createProviders(settings).values());
};

describe('webhookMetrics', () => {
  beforeEach(() => registry.resetMetrics());

  it('counts webhooks by provider and result', async () => {
    observe().answered('twilio', 'allocated');
    observe().answered('twilio', 'allocated');
    expect(await registry.metrics()).toContain('smart_router_webhooks_total{provider="twilio",result="allocated"} 2');
  });

  it('counts refusals by provider and reason', async () => {
    observe().refused('plivo', 'replayed');
    const text = await registry.metrics();
    expect(text).toContain('smart_router_signature_failures_total{provider="plivo",reason="replayed"} 1');
  });

  it('reports which providers are verified', async () => {
    observe();
    const text = await registry.metrics();
    expect(text).toContain('smart_router_webhook_verification_enabled{provider="exotel"} 1');
    expect(text).toContain('smart_router_webhook_verification_enabled{provider="twilio"} 0');
  });
});

describe('cleanupMetrics', () => {
  beforeEach(() => registry.resetMetrics());

  it('counts calls by what became of them', async () => {
    cleanupMetrics()('released');
    cleanupMetrics()('given_up');
    cleanupMetrics()('given_up');
    const text = await registry.metrics();
    expect(text).toContain('smart_router_webhook_cleanups_total{result="released"} 1');
    expect(text).toContain('smart_router_webhook_cleanups_total{result="given_up"} 2');
  });
});
