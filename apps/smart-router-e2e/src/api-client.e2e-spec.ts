import { answerOf, type ApiClient, createApiClient, RefusedError } from '@smart-router/api-client';
import type { AppProcess } from '@smart-router/testbed';
import { startCombined } from './fleet/fleet';

const WRITE_KEY = 'write-secret-0123456789';
const READ_KEY = 'read-secret-0123456789';
const API_KEYS = `ops:write:${WRITE_KEY},dash:read:${READ_KEY}`;

const ACME = { params: { path: { merchant_id: 'acme' } } } as const;
const CALL = { params: { path: { call_sid: 'generated-1' } } } as const;

/** Fails where a field that the types promise is not there. */
function present<Value extends object>(value: Value, ...names: readonly (keyof Value)[]): Value {
  expect(Object.keys(value)).toEqual(expect.arrayContaining(names.map(String)));
  return value;
}

describe('the client that is generated from the OpenAPI document', () => {
  let app: AppProcess;
  let client: ApiClient;

  beforeAll(async () => {
    ({ app } = await startCombined({ API_KEYS }));
    client = createApiClient({ baseUrl: app.baseUrl, key: WRITE_KEY });
  });
  afterAll(() => app?.kill());

  it('gets what its types promise along the life of a call', async () => {
    const allocated = await answerOf(
      client.POST('/api/v1/allocate', { body: { call_sid: 'generated-1', merchant_id: 'acme' } }),
    );
    const { pod_name } = present(allocated, 'pod_name', 'ws_url', 'source_pool', 'was_existing', 'allocated_at');

    const live = await answerOf(client.GET('/api/v1/calls/{call_sid}', CALL));
    if (live.status !== 'active') throw new Error(`the call is ${live.status}`);
    expect(present(live, 'chain', 'expires_at').chain.map(({ outcome }) => outcome)).toContain('granted');

    const released = await answerOf(
      client.POST('/api/v1/release', { body: { call_sid: 'generated-1', reason: 'completed' } }),
    );
    expect(present(released, 'was_draining', 'released_to_pool').pod_name).toBe(pod_name);

    const over = await answerOf(client.GET('/api/v1/calls/{call_sid}', CALL));
    if (over.status !== 'ended') throw new Error(`the call is ${over.status}`);
    expect(present(over, 'ended_at', 'pod_name', 'chain').reason).toBe('released');
  });

  it('gets what its types promise of the fleet', async () => {
    const status = await answerOf(client.GET('/api/v1/status'));
    expect(present(status, 'pools', 'is_leader', 'store', 'leader').active_calls).toBe(0);
    const pods = await answerOf(client.GET('/api/v1/pods', { params: { query: { limit: 1 } } }));
    expect(present(pods, 'pods', 'next_cursor').items).toHaveLength(1);
    expect((await answerOf(client.GET('/api/v1/health'))).status).toBe('ok');
  });

  it('gets what its types promise of configuration and audit', async () => {
    const config = await answerOf(client.GET('/api/v1/tier-config'));
    const changed = await answerOf(client.PUT('/api/v1/tier-config', { body: config }));
    expect('version' in changed ? changed.version : changed.current_version).toBe(config.version);

    const merchant = await answerOf(client.PUT('/api/v1/merchants/{merchant_id}', { ...ACME, body: { tier: 'gold' } }));
    if (!('config' in merchant)) throw new Error('a dry run was answered');
    expect(present(merchant, 'version', 'etag').effective_chain).toContain('gold');
    const versions = await answerOf(client.GET('/api/v1/merchants/{merchant_id}/versions', ACME));
    expect(present(versions, 'cursor').items.map(({ version }) => version)).toEqual([1]);
    const exported = await answerOf(client.GET('/api/v1/merchants/export'));
    expect(present(exported, 'exported_at').items.map(({ merchant_id }) => merchant_id)).toEqual(['acme']);
    const { items } = await answerOf(client.GET('/api/v1/audit', { params: { query: { limit: 1 } } }));
    const [entry] = items.map((each) => present(each, 'time', 'before', 'after'));
    expect(entry).toMatchObject({ action: 'merchant.put', actor: 'ops' });
  });

  it('is refused with code and request id when its key may only read', async () => {
    const reader = createApiClient({ baseUrl: app.baseUrl, key: READ_KEY });
    const drained = answerOf(reader.POST('/api/v1/drain', { body: { pod_name: 'voice-agent-0' } }));
    await expect(drained).rejects.toBeInstanceOf(RefusedError);
    await expect(drained).rejects.toMatchObject({ status: 403, code: 'FORBIDDEN', requestId: expect.any(String) });
  });
});
