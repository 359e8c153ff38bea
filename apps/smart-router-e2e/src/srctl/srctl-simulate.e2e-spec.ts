import type { AppProcess } from '@smart-router/testbed';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { startCombined } from '../fleet/fleet';
import { type Env, type Finished, runSrctl } from './srctl-process';

const SECRETS = {
  TWILIO_AUTH_TOKEN: 'twilio-secret-0123456789',
  PLIVO_AUTH_TOKEN: 'plivo-secret-0123456789',
  EXOTEL_WEBHOOK_TOKEN: 'exotel-secret-0123456789',
};
const PROVIDERS = ['twilio', 'plivo', 'exotel'];

let app: AppProcess;
let agent: WebSocketServer;
let env: Env;
const dialled: string[] = [];

beforeAll(async () => {
  ({ app } = await startCombined(SECRETS));
  agent = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  agent.on('connection', (stream, { url = '' }) => {
    dialled.push(url);
    stream.on('message', (frame) => stream.send(frame));
  });
  await once(agent, 'listening');
  env = { SRCTL_SERVER: app.baseUrl, ...SECRETS };
});
afterAll(async () => {
  agent?.close();
  await app?.kill();
});

const simulate = (...args: readonly string[]): Promise<Finished> => runSrctl(['simulate', ...args, '-o', 'json'], env);
const agentUrl = (): string => `ws://127.0.0.1:${(agent.address() as AddressInfo).port}`;

interface Simulated {
  readonly call_sid: string;
  readonly steps: readonly {
    readonly step: string;
    readonly ok: boolean;
    readonly ms: number;
    readonly detail: string;
  }[];
}

describe('srctl simulate', () => {
  it.each(PROVIDERS)('plays a whole call of %s', async (provider) => {
    const { code, stdout } = await simulate(
      provider,
      '--merchant',
      'acme',
      '--speak',
      '100ms',
      '--stream-url',
      agentUrl(),
    );
    const { call_sid, steps } = JSON.parse(stdout) as Simulated;
    expect(steps.map(({ ok, step }) => [step, ok])).toEqual([
      ['webhook', true],
      ['stream', true],
      ['report', true],
    ]);
    expect(steps[1]?.detail).toMatch(/^open after \d+ ms, 5 frames sent, [1-9]\d* messages received$/);
    expect(dialled.at(-1)).toMatch(new RegExp(`/${call_sid}$`));
    expect([code, (await app.api.call(call_sid)).body]).toMatchObject([
      0,
      { status: 'ended', merchant_id: 'acme', provider },
    ]);
  });

  it('gives the pod back and fails where no agent answers', async () => {
    const { code, stdout } = await simulate('twilio', '--stream-url', 'ws://127.0.0.1:1');
    const { call_sid, steps } = JSON.parse(stdout) as Simulated;
    expect(steps.map(({ ok, step }) => [step, ok])).toEqual([
      ['webhook', true],
      ['stream', false],
      ['report', true],
    ]);
    expect([code, (await app.api.call(call_sid)).body.status]).toEqual([1, 'ended']);
  });

  it.each(PROVIDERS)('says what may be wrong with the secret where %s is refused', async (provider) => {
    const wrong = Object.fromEntries(Object.keys(SECRETS).map((name) => [name, 'another-secret-0123456789']));
    const { code, stdout } = await runSrctl(['simulate', provider], { ...env, ...wrong });
    expect([code, stdout]).toEqual([1, expect.stringMatching(/webhook +failed .*_TOKEN that of the server/)]);
  });
});
