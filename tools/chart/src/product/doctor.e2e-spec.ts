import { join } from 'node:path';
import { type AppProcess, startApp, TestProcess } from '@smart-router/testbed';
import { ROOT } from '../../render-chart.mjs';
import { podOf } from '../rendering/kubernetes-object';
import { merge, render, scenarios, type Values } from '../rendering/render';

const TRIAL = Object.fromEntries(scenarios())['trial'] ?? {};
const TIERS = {
  TIER_CONFIG: JSON.stringify(TRIAL['tierConfig']),
  STATIC_PODS: 'voice-agent-0,voice-agent-1,voice-agent-2',
};

/** `helm test`: the command line of the test pod, against the product itself. */
describe('the test of a release', () => {
  let app: AppProcess | undefined;

  afterEach(async () => {
    await app?.stop();
  });

  async function doctor(values: Values, server: string): Promise<{ code: number | null; output: string }> {
    const { containers } = podOf(render(merge(TRIAL, values)), 'Pod smart-router-doctor').spec;
    const [program, ...rest] = containers[0]?.args ?? [];
    expect(program).toBe('/app/srctl.mjs');
    const args = [join(ROOT, 'dist/apps/srctl/main.js'), ...rest];
    const env = { PATH: process.env['PATH'] ?? '', SRCTL_SERVER: server };
    const running = TestProcess.start(join(ROOT, 'node_modules/.bin/node'), args, { env });
    return { code: (await running.exited).code, output: running.output.join('\n') };
  }

  it('passes for a release whose pools have their pods', async () => {
    app = await startApp('smart-router', TIERS);
    // Names of pods are known in the cluster alone.
    expect(await doctor({ tests: { ignoredChecks: ['pod-dns', 'webhooks'] } }, app.baseUrl)).toMatchObject({ code: 0 });
  });

  it('fails with its findings where nginx would find no voice agent', async () => {
    app = await startApp('smart-router', TIERS);
    const { code, output } = await doctor({ tests: { ignoredChecks: ['webhooks'] } }, app.baseUrl);
    expect(code).toBe(5);
    expect(output).toContain('voice-agent-0.voice-agent.voice-system.svc.cluster.local');
  });

  it('fails where nobody answers', async () => {
    expect(await doctor({}, 'http://127.0.0.1:1')).toMatchObject({ code: 4 });
  });
});
