import { RecordingLogger } from '@smart-router/logging/testing';
import { registry } from '@smart-router/metrics';
import { storeReports } from './store-reports';

describe('storeReports', () => {
  afterEach(() => registry.clear());

  it('returns zeros before anything was found', async () => {
    storeReports(new RecordingLogger());
    expect(await registry.metrics()).toContain('smart_router_store_foreign_keys_total{result="set_aside"} 0');
  });

  it('logs and counts keys that were quarantined', async () => {
    const logger = new RecordingLogger();
    storeReports(logger).keysQuarantined(['voice:lease:a', 'voice:lease:b']);
    expect(logger.lines).toEqual([
      {
        level: 'error',
        message: 'keys of another type were quarantined',
        fields: { keys: ['voice:lease:a', 'voice:lease:b'] },
      },
    ]);
    expect(await registry.metrics()).toContain('smart_router_store_foreign_keys_total{result="set_aside"} 2');
  });

  it('says that the risk of eviction is unknown until Redis has said that there is none', async () => {
    const logger = new RecordingLogger();
    const gauge = async () => /^smart_router_store_eviction_possible (\S+)$/m.exec(await registry.metrics())?.[1];
    const reports = storeReports(logger);
    expect(await gauge()).toBe('Nan');
    reports.evictionRisk('none', { policy: 'noeviction', maxBytes: 0 });
    expect([await gauge(), logger.lines]).toEqual(['0', []]);
    reports.evictionRisk('unknown', { policy: 'unknown', maxBytes: 0 });
    expect(await gauge()).toBe('Nan');
    expect(logger.messages('error')).toEqual([expect.stringContaining('may lose calls or double them unnoticed')]);
  });

  it('logs once that changes cannot be announced, counts each, and logs when they can again', async () => {
    const logger = new RecordingLogger();
    const reports = storeReports(logger);
    for (let round = 0; round < 2; round++) {
      reports.hintRefused('NOPERM');
      reports.hintRefused('NOPERM');
      reports.hintSent();
      reports.hintSent();
    }
    const levels = logger.lines.map(({ level }) => level);
    expect(levels).toEqual(['warn', 'info', 'warn', 'info']);
    expect(logger.lines[0]?.fields).toEqual({ code: 'HINTS_REFUSED', reason: 'NOPERM' });
    expect(await registry.metrics()).toContain('smart_router_store_hints_refused_total 4');
  });

  it('logs a refusal once and counts it each time', async () => {
    const logger = new RecordingLogger();
    const reports = storeReports(logger);
    for (let i = 0; i < 3; i++) reports.keyRefused('voice:pools should be a hash');
    expect(logger.messages('error')).toEqual(['a key of another type is in the way']);
    expect(await registry.metrics()).toContain('smart_router_store_foreign_keys_total{result="refused"} 3');
  });

  it('counts that the store was emptied, and logs what that means for older calls and their pods', async () => {
    const logger = new RecordingLogger();
    storeReports(logger).storeEmptied();
    expect(logger.messages('error')).toEqual([
      expect.stringMatching(/longer ago than REDIS_REASSERT_WINDOW are unknown, their pods are offered again/),
    ]);
    expect(await registry.metrics()).toContain('smart_router_store_emptied_total 1');
  });

  it('logs what it means that Redis takes no writes, and the end of it', () => {
    const logger = new RecordingLogger();
    const reports = storeReports(logger);
    reports.writesRefused('OOM command not allowed');
    reports.writesRefused(null);
    expect(logger.lines).toMatchObject([
      { level: 'error', fields: { code: 'STORE_REFUSES_WRITES', reason: 'OOM command not allowed' } },
      { level: 'info' },
    ]);
    expect(logger.messages('error')[0]).toContain('no call gets a pod');
  });

  it('warns by a code that an operator can look up when replicas need not confirm', () => {
    const logger = new RecordingLogger();
    const reports = storeReports(logger);
    reports.waitBelowReplicas(true, { confirmedBy: 1, replicas: 2 });
    reports.waitBelowReplicas(false, { confirmedBy: 1, replicas: 1 });
    expect(logger.lines).toMatchObject([
      { level: 'warn', fields: { code: 'WAIT_BELOW_REPLICAS', required_replicas: 1, replicas: 2 } },
      { level: 'info', fields: { required_replicas: 1, replicas: 1 } },
    ]);
  });
});
