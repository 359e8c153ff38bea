import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppProcess, startApp, TestProcess, waitFor } from '@smart-router/testbed';
import { podOf } from '../rendering/kubernetes-object';
import { render, scenarios } from '../rendering/render';

const KEY = 'agents-of-this-test-0123456789';

/** What the chart runs before a voice agent ends, against the product itself. */
describe('the hook that drains a voice agent', () => {
  let app: AppProcess;
  let hook: TestProcess | undefined;
  let folder: string;

  beforeAll(async () => {
    const pods = {
      STATIC_PODS: 'voice-agent-0,voice-agent-1',
      TIER_CONFIG: '{"standard":{"type":"exclusive","target":2}}',
    };
    app = await startApp('smart-router', { ...pods, API_KEYS: `agents:write:${KEY}` });
    folder = mkdtempSync(join(tmpdir(), 'smart-router-hook-'));
  });

  afterEach(() => hook?.kill());

  afterAll(async () => {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask<T>(path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
    return (await (await fetch(`${app.baseUrl}/api/v1${path}`, init)).json()) as T;
  }

  function runHook(podName: string, env: Readonly<Record<string, string>> = {}): TestProcess {
    const objects = render(Object.fromEntries(scenarios())['agents'] ?? {});
    const [container] = podOf(objects, 'StatefulSet voice-agent').spec.containers;
    const [command = '', ...args] = container?.lifecycle?.preStop?.exec?.command ?? [];
    const own = { POD_NAME: podName, SMART_ROUTER_BASE_URL: app.baseUrl, SMART_ROUTER_API_KEY: KEY };
    hook = TestProcess.start(command, args, { env: { PATH: process.env['PATH'] ?? '', ...own, ...env } });
    return hook;
  }

  it('drains the pod by its name, waits for its call, and ends when the call has ended', async () => {
    const { pod_name: podName } = await ask<{ pod_name: string }>('/allocate', { call_sid: 'CA-1' });
    const running = runHook(podName);
    await waitFor(async () => (await ask<{ is_draining: boolean }>(`/pod/${podName}`)).is_draining, {
      description: 'the pod to drain',
    });
    const other = await ask<{ pod_name: string }>('/allocate', { call_sid: 'CA-2' });
    await ask('/release', { call_sid: 'CA-2' });

    expect([other.pod_name === podName, running.exit]).toEqual([false, null]);
    await ask('/release', { call_sid: 'CA-1' });
    expect(await running.exited).toEqual({ code: 0, signal: null });
  });

  it('takes an answer that says nothing of calls as busy', async () => {
    const refused = runHook('voice-agent-1', { SMART_ROUTER_API_KEY: 'wrong' });
    await waitFor(() => app.logs.filter((line) => JSON.stringify(line).includes('401')).length >= 2, {
      description: 'the hook to be refused twice',
    });
    expect(refused.exit).toBeNull();
  });

  it('ends for a pod that the router has not known for a minute', async () => {
    // A minute is twelve times five seconds, which nobody has to wait for here.
    writeFileSync(join(folder, 'sleep'), '#!/bin/sh\nexit 0\n');
    chmodSync(join(folder, 'sleep'), 0o755);
    const running = runHook('voice-agent-9', { PATH: `${folder}:${process.env['PATH']}` });
    expect(await running.exited).toEqual({ code: 0, signal: null });
  });
});
