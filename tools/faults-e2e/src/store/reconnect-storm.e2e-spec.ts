import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setTimeout as hold } from 'node:timers/promises';
import { type AppProcess, askRedis, type Fleet, newFleet, waitFor } from '@smart-router/testbed';

const REPLICAS = 5;
const CALLERS = 20;
const ROUNDS = 25;
const BETWEEN_ROUNDS_MS = 150;
const CALL_MS = 10;
const AWAY_MS = 6_000;
/** The longest back-off is a second, of which jitter takes off up to half. */
const ATTEMPTS_PER_SECOND = 2;
/** While the back-off still grows from its 50 ms. */
const FIRST_ATTEMPTS = 6;
const SOON_MS = 20_000;

describe('many replicas that lose Redis together', () => {
  let fleet: Fleet;
  let port: number;
  let connections: number;

  beforeAll(async () => {
    fleet = await newFleet().pods(CALLERS).workers(1).apis(REPLICAS).start();
    ({ port } = fleet.redis);
    await fleet.hasAvailable(CALLERS, replica(0));
    connections = await connectedClients();
  });

  afterAll(() => fleet?.stop());

  const replica = (index: number): AppProcess => fleet.apis[index % REPLICAS] as AppProcess;
  async function info(section: string, field: string): Promise<number> {
    const text = await askRedis(port, `INFO ${section}`);
    return Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(text)?.[1]);
  }
  /** Without the one that asks. */
  const connectedClients = async () => (await info('clients', 'connected_clients')) - 1;
  const areBack = () =>
    waitFor(async () => (await connectedClients()) === connections, {
      timeoutMs: SOON_MS,
      description: `${connections} connections`,
    });

  /** As a provider repeats a webhook, each time to another replica. */
  async function atLast<Reply extends { readonly status: number }>(
    ask: (app: AppProcess) => Promise<Reply>,
    start: number,
  ): Promise<Reply> {
    for (let attempt = start; ; attempt++) {
      const answer = await ask(replica(attempt));
      if (![502, 503, 504].includes(answer.status)) return answer;
      await hold(20);
    }
  }

  it('as their connections are cut again and again loses and doubles no call, and has no more connections', async () => {
    const holders = new Map<string, string>();
    const mistakes: string[] = [];
    let done = 0;
    let isOver = false;
    async function oneCall(callSid: string, start: number): Promise<void> {
      const granted = await atLast((app) => app.api.allocate(callSid), start);
      const pod = String(granted.body['pod_name']);
      if (granted.status !== 200) mistakes.push(`${callSid}: ${granted.status}`);
      if (holders.has(pod)) mistakes.push(`${pod} has ${holders.get(pod)} and ${callSid}`);
      holders.set(pod, callSid);
      await hold(CALL_MS);
      holders.delete(pod);
      const released = await atLast((app) => app.api.release(callSid), start + 1);
      // A release that was carried out and not answered is not known any more when it is repeated.
      if (released.status === 200 && released.body['pod_name'] !== pod) mistakes.push(`${callSid} left ${pod}`);
      done++;
    }
    async function caller(name: number): Promise<void> {
      for (let call = 0; !isOver; call++) await oneCall(`storm-${name}-${call}`, name + call);
    }
    const callers = Promise.all(Array.from({ length: CALLERS }, (_, name) => caller(name)));
    let most = 0;
    let cut = 0;
    const before = await info('stats', 'total_connections_received');
    for (let round = 0; round < ROUNDS; round++) {
      for (const type of ['normal', 'pubsub'])
        cut += Number(await askRedis(port, `CLIENT KILL TYPE ${type} SKIPME yes`));
      await hold(BETWEEN_ROUNDS_MS);
      most = Math.max(most, await connectedClients());
    }
    isOver = true;
    await callers;

    expect(mistakes).toEqual([]);
    expect(done).toBeGreaterThan(CALLERS);
    expect(most).toBeLessThanOrEqual(connections);
    // One for each that was cut; each round asks Redis three times itself, and so does this measurement.
    const received = (await info('stats', 'total_connections_received')) - before;
    expect(received).toBeLessThanOrEqual(cut + ROUNDS * 3 + 1);
    await areBack();
    await fleet.hasAvailable(CALLERS, replica(0));
  });

  it('tries again at a rate that stays low while it is away, and is all there when it is back', async () => {
    await fleet.redis.kill();
    const nobody = await countingServer(port);
    await hold(AWAY_MS);
    await nobody.close();
    const allowed = connections * (FIRST_ATTEMPTS + (ATTEMPTS_PER_SECOND * AWAY_MS) / 1_000);
    expect(nobody.attempts()).toBeGreaterThan(connections);
    expect(nobody.attempts()).toBeLessThanOrEqual(allowed);

    await fleet.restartRedis();
    await areBack();
    // It came back empty, and the leader fills it again.
    expect(await atLast((app) => app.api.allocate('after'), 0)).toMatchObject({ status: 200 });
  });
});

/** Takes the place of a Redis that is gone: ends each connection at once, and counts them. */
async function countingServer(port: number) {
  let attempts = 0;
  const server: Server = createServer((socket) => {
    attempts++;
    socket.on('error', () => socket.destroy()).destroy();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    attempts: () => attempts,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
