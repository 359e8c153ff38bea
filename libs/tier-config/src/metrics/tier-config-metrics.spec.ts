import { registry } from '@smart-router/metrics';
import { tierConfigMetrics } from './tier-config-metrics';

describe('tierConfigMetrics', () => {
  beforeEach(() => registry.clear());

  it('exposes every metric before anything has happened', async () => {
    tierConfigMetrics();

    const lines = (await registry.metrics()).split('\n').filter((line) => !line.startsWith('#') && line !== '');
    expect(lines.sort()).toEqual([
      'smart_router_config_divergence{kind="environment"} 0',
      'smart_router_config_divergence{kind="not_followed"} 0',
      'smart_router_config_divergence{kind="partly_ignored"} 0',
      'smart_router_config_rejected_total{reason="invalid"} 0',
      'smart_router_config_rejected_total{reason="missing"} 0',
      'smart_router_config_rejected_total{reason="unavailable"} 0',
      'smart_router_config_version 0',
      'smart_router_merchant_config_malformed_total 0',
      'smart_router_unknown_tiers_skipped_total 0',
    ]);
  });

  it('counts what is reported', async () => {
    const metrics = tierConfigMetrics();
    metrics.configAdopted(7);
    metrics.configRejected('missing');
    metrics.merchantConfigMalformed();
    metrics.unknownTierSkipped();
    metrics.configDiverges('not_followed', true);
    const text = await registry.metrics();

    expect(text).toContain('smart_router_config_version 7\n');
    expect(text).toContain('smart_router_config_divergence{kind="not_followed"} 1\n');
    expect(text).toContain('smart_router_config_rejected_total{reason="missing"} 1\n');
    expect(text).toContain('smart_router_merchant_config_malformed_total 1\n');
    expect(text).toContain('smart_router_unknown_tiers_skipped_total 1\n');
  });
});
