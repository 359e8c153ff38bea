import type { ApiClient } from '@smart-router/testbed';
import { BASIC_MAX_CONCURRENT, POD_NAMES, VOICE_AGENT_BASE_URL } from '../fleet/environment';
import { resetFleet } from '../fleet/reset';

/** Where to ask; both may be the same process. */
export interface ScenarioFleet {
  readonly first: ApiClient;
  readonly second: ApiClient;
}

const UNKNOWN_CALL = { error: 'call not found', code: 'CALL_NOT_FOUND', request_id: expect.any(String) };

/** How the proxy before the pods reads the address of a stream. */
const PROXY_LOCATION = /^\/ws\/pod\/(?<pod_name>[^/]+)\/(?<call_sid>.*)$/;

/** One gold pod, one standard pod, three basic pods. */
const CAPACITY = 1 + 1 + 3 * BASIC_MAX_CONCURRENT;

/** The life of calls on a fleet as `FLEET_ENV` describes it, whatever it runs on. @param fleet read in each test */
export function describeCalls(fleet: () => ScenarioFleet): void {
  afterEach(() => resetFleet(fleet().first));

  describe('a call of a merchant without a config', () => {
    it('gets a standard pod', async () => {
      const { status, body } = await fleet().first.allocate({ call_sid: 'default-1', merchant_id: '' });
      expect(status).toBe(200);
      expect(body).toEqual({
        success: true,
        pod_name: expect.stringMatching(/^voice-agent-[0-4]$/),
        ws_url: `${VOICE_AGENT_BASE_URL}/ws/pod/${body.pod_name}/default-1`,
        source_pool: 'pool:standard',
        pool: 'standard',
        was_existing: false,
        allocated_at: expect.any(Number),
      });
      expect(Math.abs(body.allocated_at - Date.now() / 1000)).toBeLessThan(60);
    });

    it('gives its pod back when it is released', async () => {
      const { first, second } = fleet();
      const { pod_name } = await first.allocated('default-2');
      expect((await first.pod(pod_name)).body).toMatchObject({ status: 'allocated', calls: ['default-2'] });
      const { status, body } = await second.release('default-2');
      expect({ status, body }).toEqual({
        status: 200,
        body: { success: true, pod_name, released_to_pool: 'pool:standard', was_draining: false },
      });
      expect((await first.pod(pod_name)).body).toMatchObject({ status: 'available', calls: [], tier: 'standard' });
      expect(await first.allocated('default-3')).toMatchObject({ pod_name, source_pool: 'pool:standard' });
    });

    it('takes fields that are not in the contract without complaint', async () => {
      const request = { call_sid: 'fields-1', provider: 'twilio', flow: 'in', template: 't', reason: 'x', other: [1] };
      expect((await fleet().first.allocate(request)).status).toBe(200);
    });

    it('falls through standard to basic, and is refused when all are full', async () => {
      const { first, second } = fleet();
      const pools: string[] = [];
      for (let index = 1; index < CAPACITY; index++) {
        pools.push((await (index % 2 ? first : second).allocated(`exhaust-${index}`)).source_pool);
      }
      expect(pools).toEqual(['pool:standard', ...Array<string>(3 * BASIC_MAX_CONCURRENT).fill('pool:basic')]);
      const refused = await first.allocate({ call_sid: 'exhaust-last' });
      expect(refused.status).toBe(503);
      expect(refused.body).toEqual({
        error: 'no pods available',
        code: 'NO_PODS_AVAILABLE',
        request_id: refused.headers.get('x-request-id'),
        reason: 'full',
        chain: [
          { pool: 'standard', outcome: 'full' },
          { pool: 'basic', outcome: 'full' },
        ],
      });
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
      expect((await first.release('exhaust-1')).status).toBe(200);
      expect(await second.allocated('exhaust-last')).toMatchObject({ source_pool: 'pool:standard' });
    });
  });

  describe('a call of a merchant with a tier', () => {
    it('gets a gold pod when the merchant is gold', async () => {
      const { first, second } = fleet();
      await first.putMerchant('gold-merchant', { tier: 'gold' });
      expect(await second.allocated('gold-1', 'gold-merchant')).toMatchObject({ source_pool: 'pool:gold' });
      expect(await second.allocated('gold-2', 'gold-merchant')).toMatchObject({ source_pool: 'pool:standard' });
    });

    it('follows the tier of the merchant from the next call on when it is changed', async () => {
      const { first, second } = fleet();
      await first.putMerchant('changing', { tier: 'gold' });
      expect(await second.allocated('change-1', 'changing')).toMatchObject({ source_pool: 'pool:gold' });
      await second.release('change-1');
      await first.putMerchant('changing', { tier: 'standard' });
      expect(await second.allocated('change-2', 'changing')).toMatchObject({ source_pool: 'pool:standard' });
      await second.release('change-2');
      await first.removeMerchant('changing');
      expect((await second.merchant('changing')).status).toBe(404);
      expect(await second.allocated('change-3', 'changing')).toMatchObject({ source_pool: 'pool:standard' });
    });

    it('gets no other pool when the fallback of the merchant is empty', async () => {
      const { first } = fleet();
      const { version, ...config } = (await first.tierConfig()).body;
      const dedicated_pools = { acme: { type: 'exclusive', target: 0 } } as const;
      expect(await first.putTierConfig({ ...config, version, dedicated_pools })).toMatchObject({ status: 200 });
      expect(await first.putMerchant('own-pool-only', { pool: 'acme', fallback: [] })).toMatchObject({ status: 200 });
      expect((await first.allocate({ call_sid: 'own-1', merchant_id: 'own-pool-only' })).status).toBe(503);
      await first.putTierConfig({ ...config, version: version + 1 });
    });
  });

  describe('calls on a shared pod', () => {
    it('share it up to its limit, and the next one is refused', async () => {
      const { first, second } = fleet();
      await first.putMerchant('basic-merchant', { tier: 'basic' });
      const { pods } = (await first.pods('?tier=basic')).body;
      const [shared, ...others] = pods.map(({ pod_name }) => pod_name);
      await Promise.all(others.map((podName) => first.drain(podName)));
      for (const [index, api] of [first, second, first].entries()) {
        expect(await api.allocated(`shared-${index}`, 'basic-merchant')).toMatchObject({
          pod_name: shared,
          source_pool: 'pool:basic',
        });
      }
      expect((await second.allocate({ call_sid: 'shared-3', merchant_id: 'basic-merchant' })).status).toBe(503);
      expect((await first.status()).body.pools['basic']).toMatchObject({ active_calls: 3, draining: 2, available: 0 });
      await first.release('shared-1');
      expect(await first.allocated('shared-3', 'basic-merchant')).toMatchObject({ pod_name: shared });
    });

    it('are spread over the pods with the fewest calls', async () => {
      const { first, second } = fleet();
      await first.putMerchant('spread', { tier: 'basic' });
      const calls = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `spread-${name}`);
      for (const [index, call] of calls.entries()) await (index % 2 ? first : second).allocated(call, 'spread');
      const { pods } = (await first.pods('?tier=basic')).body;
      expect(pods.map((pod) => pod.calls.length)).toEqual([2, 2, 2]);
    });
  });

  describe('the same call', () => {
    it('gets the same pod when it is asked for again', async () => {
      const { first, second } = fleet();
      const once = await first.allocated('again-1');
      expect(await second.allocated('again-1')).toEqual({ ...once, was_existing: true });
      expect((await first.status()).body.active_calls).toBe(1);
    });

    it('takes one pod when many ask for it at once', async () => {
      const { first, second } = fleet();
      const asked = Array.from({ length: 10 }, (_, index) => (index % 2 ? first : second).allocated('race-1'));
      const answers = await Promise.all(asked);
      expect(new Set(answers.map(({ pod_name }) => pod_name)).size).toBe(1);
      expect(answers.filter(({ was_existing }) => !was_existing)).toHaveLength(1);
      expect((await first.status()).body.active_calls).toBe(1);
    });

    it('is released once, and is not found the second time', async () => {
      const { first, second } = fleet();
      await first.allocated('release-1');
      expect((await first.release('release-1')).status).toBe(200);
      const again = await second.release('release-1');
      expect({ status: again.status, body: again.body }).toEqual({ status: 404, body: UNKNOWN_CALL });
    });

    it('is released by one of many that release it at once', async () => {
      const { first, second } = fleet();
      await first.putMerchant('twice', { tier: 'basic' });
      await first.allocated('stays', 'twice');
      await first.allocated('twice-1', 'twice');
      const releases = Array.from({ length: 6 }, (_, index) => (index % 2 ? first : second).release('twice-1'));
      const statuses = (await Promise.all(releases)).map(({ status }) => status);
      expect(statuses.sort()).toEqual([200, 404, 404, 404, 404, 404]);
      expect((await first.status()).body.active_calls).toBe(1);
    });

    it('is not found when it was never allocated', async () => {
      const { status, body } = await fleet().first.release('never-allocated');
      expect({ status, body }).toEqual({ status: 404, body: UNKNOWN_CALL });
    });

    it('may be allocated anew after a release', async () => {
      const { first } = fleet();
      await first.allocated('anew-1');
      await first.release('anew-1');
      expect(await first.allocated('anew-1')).toMatchObject({ was_existing: false });
    });
  });

  describe('twenty calls at once', () => {
    it('get as many pods as there is room for, none more, and give all of them back', async () => {
      const { first, second } = fleet();
      const calls = Array.from({ length: 20 }, (_, index) => `burst-${index}`);
      await first.putMerchant('burst', { tier: 'gold' });
      const answers = await Promise.all(
        calls.map((call_sid, index) => (index % 2 ? first : second).allocate({ call_sid, merchant_id: 'burst' })),
      );
      const granted = answers.filter(({ status }) => status === 200);
      expect(granted).toHaveLength(CAPACITY);
      expect(answers.filter(({ status }) => status === 503)).toHaveLength(calls.length - CAPACITY);
      const exclusive = granted.map(({ body }) => body).filter(({ source_pool }) => source_pool !== 'pool:basic');
      expect(new Set(exclusive.map(({ pod_name }) => pod_name)).size).toBe(2);
      expect((await second.status()).body.active_calls).toBe(CAPACITY);
      const released = await Promise.all(calls.map((call) => second.release(call)));
      expect(released.filter(({ status }) => status === 200)).toHaveLength(CAPACITY);
      const { pods } = (await first.pods()).body;
      expect(pods.map(({ pod_name, status }) => [pod_name, status])).toEqual(
        POD_NAMES.map((name) => [name, 'available']),
      );
    });
  });

  describe('a drained pod', () => {
    it('gets no call until it is undrained', async () => {
      const { first, second } = fleet();
      const { pod_name } = (await first.pods('?tier=standard')).body.pods[0] ?? { pod_name: '' };
      const drained = await first.drain(pod_name);
      expect(drained.body).toEqual({ success: true, pod_name, has_active_call: false, message: 'pod drained' });
      expect((await second.drain(pod_name)).status).toBe(200);
      expect(await second.allocated('drain-1')).toMatchObject({ source_pool: 'pool:basic' });
      expect((await first.undrain(pod_name)).status).toBe(200);
      expect(await second.allocated('drain-2')).toMatchObject({ pod_name, source_pool: 'pool:standard' });
    });

    it('keeps its call and is not offered when that ends', async () => {
      const { first, second } = fleet();
      const { pod_name } = await first.allocated('drain-3');
      expect((await second.drain(pod_name)).body).toMatchObject({ has_active_call: true });
      expect(await second.allocated('drain-3')).toMatchObject({ pod_name, was_existing: true });
      expect((await first.release('drain-3')).body).toMatchObject({ was_draining: true });
      expect((await first.allocated('drain-4')).pod_name).not.toBe(pod_name);
    });

    it('is not found when there is no such pod', async () => {
      const { status, body } = await fleet().first.drain('voice-agent-99');
      expect({ status, body }).toMatchObject({ status: 404, body: { code: 'POD_NOT_FOUND' } });
      expect((await fleet().first.undrain('voice-agent-99')).status).toBe(404);
      expect((await fleet().first.pod('voice-agent-99')).status).toBe(404);
    });
  });

  describe('the address of the stream', () => {
    it('is read by the proxy as pod and call', async () => {
      const { pod_name, ws_url } = await fleet().first.allocated('ws.url_1~a:b-c');
      const { pathname, protocol, host } = new URL(ws_url);
      expect(`${protocol}//${host}`).toBe(VOICE_AGENT_BASE_URL);
      expect({ ...PROXY_LOCATION.exec(decodeURIComponent(pathname))?.groups }).toEqual({
        pod_name,
        call_sid: 'ws.url_1~a:b-c',
      });
    });
  });

  describe('the record of a call', () => {
    it('shows the pools that were tried and who asked', async () => {
      const { first, second } = fleet();
      await first.putMerchant('recorded', { tier: 'gold' });
      await first.allocated('record-1', 'recorded');
      await first.allocate({ call_sid: 'record-2', merchant_id: 'recorded', provider: 'twilio' });
      expect((await second.call('record-2')).body).toMatchObject({
        call_sid: 'record-2',
        source_pool: 'pool:standard',
        merchant_id: 'recorded',
        provider: 'twilio',
        chain: [
          { pool: 'gold', outcome: expect.not.stringMatching('granted') },
          { pool: 'standard', outcome: 'granted' },
        ],
      });
      const { calls } = (await second.calls('?merchant=recorded')).body;
      expect(calls.map(({ call_sid }) => call_sid).sort()).toEqual(['record-1', 'record-2']);
      expect((await first.call('record-9')).status).toBe(404);
    });

    it('shows how a call that is over ended, on another process too, and does not list it any longer', async () => {
      const { first, second } = fleet();
      const { pod_name } = await first.allocated('over-1');
      await first.release('over-1');
      expect((await second.call('over-1')).body).toMatchObject({ status: 'ended', reason: 'released', pod_name });
      const { calls } = (await second.calls()).body;
      expect(calls.map(({ call_sid }) => call_sid)).not.toContain('over-1');
    });

    it('shows for a call that was refused which pools were tried, and why each gave no pod', async () => {
      const { first, second } = fleet();
      const { pods } = (await first.pods('?tier=basic')).body;
      for (const { pod_name } of pods) await first.drain(pod_name);
      await first.putMerchant('refused-merchant', { tier: 'basic' });
      const chain = [{ pool: 'basic', outcome: 'draining' }];
      const { status, body } = await first.allocate({ call_sid: 'over-2', merchant_id: 'refused-merchant' });
      expect({ status, body }).toMatchObject({ status: 503, body: { reason: 'draining', chain } });
      expect((await second.call('over-2')).body).toMatchObject({ status: 'refused', reason: 'draining', chain });
      for (const { pod_name } of pods) await first.undrain(pod_name);
      await second.allocated('over-2', 'refused-merchant');
      expect((await first.call('over-2')).body).toMatchObject({ status: 'active' });
    });

    it('lasts longer after a heartbeat', async () => {
      const { first, second } = fleet();
      await first.allocated('beat-1');
      const before = (await first.call('beat-1')).body.expires_at;
      const beat = await second.heartbeat('beat-1');
      expect(beat.status).toBe(200);
      expect(Date.parse(beat.body.expires_at)).toBeGreaterThanOrEqual(Date.parse(before));
      expect((await second.heartbeat('beat-9')).status).toBe(404);
    });
  });

  describe('the probes', () => {
    it('say that the process lives and is ready, at the root and below the prefix of the API', async () => {
      const { first } = fleet();
      for (const prefix of ['', '/api/v1']) {
        const probes = new Map([
          ['/health', { status: 'ok' }],
          ['/ready', { status: 'ready' }],
        ]);
        for (const [path, body] of probes) {
          const response = await fetch(`${first.baseUrl}${prefix}${path}`);
          expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body });
        }
      }
    });
  });
}
