import { RecordingLogger } from '@smart-router/logging/testing';
import { sampleTierConfig } from '../testing/sample-tier-config';
import { PoolSizeReport } from './pool-size-report';

const policy = { type: 'exclusive', maxConcurrent: 1 } as const;
const config = sampleTierConfig({ gold: { target: 2 }, basic: { target: 1 }, overflow: { target: 0 } });

function pools(sizes: Readonly<Record<string, number>>) {
  const counts = { policy, available: 0, activeCalls: 0, draining: 0 };
  return Object.entries(sizes).map(([pool, assigned]) => ({ pool, assigned, ...counts }));
}

it('says once which pools are short of pods and which have too many', () => {
  const logger = new RecordingLogger();
  const report = new PoolSizeReport(logger);
  report.see(config, pools({ gold: 1, basic: 1, overflow: 3 }));
  report.see(config, pools({ gold: 0, basic: 1, overflow: 4 }));
  const lines = logger.lines.filter(({ message }) => message === 'pools have other numbers of pods than their targets');
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'info',
      fields: {
        short: [{ pool: 'gold', pods: 1, target: 2 }],
        surplus: [{ pool: 'overflow', pods: 3, target: 0 }],
      },
    }),
  ]);
});

it('says nothing of sizes that are as they should be', () => {
  const logger = new RecordingLogger();
  new PoolSizeReport(logger).see(config, pools({ gold: 2, basic: 1, overflow: 0 }));
  expect(logger.lines).toEqual([]);
});
