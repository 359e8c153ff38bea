import { type RedisProcess, sendForm, sendJson, SHORT_LIMITS, startRedis, waitFor } from '@smart-router/testbed';
import { POD_NAMES } from './fleet/environment';
import { type DistributedFleet, podsAssigned, startDistributedFleet } from './fleet/fleet';
import { plivoSpeak, twilioSay } from './webhooks/provider-documents';

const FAILURE = 'Please call again.';
const RECOVERY_TIMEOUT_MS = 30_000;
const ENV = { FAILURE_MESSAGE: FAILURE, ...SHORT_LIMITS };

const UNAVAILABLE = { error: 'store unavailable', code: 'STORE_UNAVAILABLE', request_id: expect.any(String) };

/**
 * What must hold while the Redis of the fleet is out of reach, whatever the reason.
 * @param outage what clients are answered with @param fleet read in each test
 */
function describeOutage(outage: { readonly status: number }, fleet: () => DistributedFleet): void {
  it('makes both processes not ready, but alive', async () => {
    for (const api of [fleet().first, fleet().second]) {
      await waitFor(async () => (await api.probe('/ready')).status === 503, { description: 'readiness to become 503' });
      expect((await api.probe('/health')).status).toBe(200);
    }
  });

  it('makes the worker not ready, but alive', async () => {
    const probe = async (path: string): Promise<number> => (await fetch(fleet().worker.baseUrl + path)).status;
    await waitFor(async () => (await probe('/ready')) === 503, { description: 'readiness to become 503' });
    expect(await probe('/health')).toBe(200);
  });

  it(`is reported to clients as ${outage.status} and to nobody as anything else`, async () => {
    const { first } = fleet();
    const answers = await Promise.all([
      first.allocate({ call_sid: 'outage-1' }),
      first.allocate({ call_sid: 'outage-2', merchant_id: 'acme' }),
      first.release('outage-3'),
      first.drain('voice-agent-0'),
      first.undrain('voice-agent-0'),
      first.heartbeat('outage-4'),
      first.call('outage-5'),
      first.calls(),
      first.pod('voice-agent-0'),
      first.pods(),
      first.merchant('acme'),
      first.putMerchant('acme', { tier: 'gold' }),
      first.removeMerchant('acme'),
      first.putTierConfig({ version: 1, tiers: { gold: { type: 'exclusive', target: 1 } } }),
      first.tierConfigVersions(),
      first.reconcile(),
    ]);
    for (const { status, body, headers } of answers) {
      expect({ status, body }).toEqual({ status: outage.status, body: UNAVAILABLE });
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
    }
  });

  it('is shown by the status, which is still answered', async () => {
    const { status, body } = await fleet().first.status();
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        status: 'down',
        pools: null,
        active_calls: null,
        leader: null,
        store: { kind: 'redis', latency_ms: null },
      },
    });
  });

  it('leaves the tier config readable', async () => {
    const { status, body } = await fleet().first.tierConfig();
    expect({ status, tiers: Object.keys(body.tiers) }).toEqual({ status: 200, tiers: ['gold', 'standard', 'basic'] });
  });

  it('is reported to providers in their own words', async () => {
    const { baseUrl } = fleet().second;
    const twilio = await sendForm(`${baseUrl}/api/v1/twilio/allocate`, { CallSid: 'outage-6' });
    expect([twilio.status, twilio.text]).toEqual([200, twilioSay(FAILURE)]);
    const plivo = await sendForm(`${baseUrl}/api/v1/plivo/allocate`, { CallUUID: 'outage-7' });
    expect([plivo.status, plivo.text]).toEqual([200, plivoSpeak(FAILURE)]);
    const exotel = await sendJson('POST', `${baseUrl}/api/v1/exotel/allocate`, { CallSid: 'outage-8' });
    expect([exotel.status, exotel.body]).toEqual([outage.status, UNAVAILABLE]);
    const ended = { CallSid: 'outage-9', CallStatus: 'completed' };
    expect((await sendForm(`${baseUrl}/api/v1/twilio/status`, ended)).status).toBe(outage.status);
  });

  it('does not keep metrics from being read', async () => {
    for (const { metricsUrl } of [fleet().firstApi, fleet().worker]) {
      const response = await fetch(`${metricsUrl}/metrics`);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('smart_router_');
    }
  });
}

async function expectService(fleet: DistributedFleet, callSid: string): Promise<void> {
  await podsAssigned(fleet.first, POD_NAMES.length);
  for (const [index, api] of [fleet.first, fleet.second].entries()) {
    await waitFor(async () => (await api.probe('/ready')).status === 200, {
      timeoutMs: RECOVERY_TIMEOUT_MS,
      description: 'readiness to come back',
    });
    // New calls wait a moment for what the replicas report of the calls before.
    await waitFor(async () => (await api.allocate({ call_sid: `${callSid}-${index}` })).status === 200, {
      timeoutMs: RECOVERY_TIMEOUT_MS,
      description: 'new calls to get pods',
    });
  }
}

describe('a Redis that is killed and comes back empty', () => {
  let fleet: DistributedFleet;
  let next: RedisProcess | undefined;
  let before: string;

  beforeAll(async () => {
    fleet = await startDistributedFleet({ env: ENV });
    before = (await fleet.first.allocated('before-1')).pod_name;
    await fleet.redis.kill();
  });

  afterAll(async () => {
    await fleet?.stop();
    await next?.stop();
  });

  describeOutage({ status: 502 }, () => fleet);

  it('is used again by itself, with all pods and the calls of a short while ago', async () => {
    next = await startRedis({ port: fleet.redis.port });
    await expectService(fleet, 'after');
    expect((await fleet.second.call('before-1')).body).toMatchObject({ pod_name: before });
    await waitFor(async () => (await fleet.first.status()).body.leader, {
      timeoutMs: RECOVERY_TIMEOUT_MS,
      description: 'the leader to announce itself again',
    });
  });

  it('takes a new tier config afterwards', async () => {
    const { body } = await fleet.first.tierConfig();
    const { version, tiers } = body;
    const answer = await fleet.first.putTierConfig({ version, tiers });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200, body: { tiers } });
  });
});

describe('a Redis that hangs and wakes up', () => {
  let fleet: DistributedFleet;

  beforeAll(async () => {
    fleet = await startDistributedFleet({ env: ENV });
    await fleet.first.allocated('before-1');
    fleet.redis.pause();
  });

  afterAll(() => fleet?.stop());

  describeOutage({ status: 504 }, () => fleet);

  it('is used again by itself, with the calls that it had', async () => {
    const { redis, first, second } = fleet;
    redis.resume();
    await expectService(fleet, 'after');
    expect((await second.call('before-1')).body.status).toBe('active');
    expect((await first.release('before-1')).status).toBe(200);
  });
});
