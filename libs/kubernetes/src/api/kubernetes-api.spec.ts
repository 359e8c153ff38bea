import { ManualClock, settled } from '@smart-router/scheduling/testing';
import { FakeTransport } from '../testing/fake-transport';
import { KubernetesApi } from './kubernetes-api';
import { LEASES, PODS, type ApiCall } from './resource';

const LIST: ApiCall = { verb: 'list', resource: PODS, namespace: 'voice' };

class Fixture {
  readonly clock = new ManualClock();
  readonly transport = new FakeTransport();
  readonly failures: string[] = [];
  readonly stopping = new AbortController();
  readonly api = new KubernetesApi({
    transport: this.transport,
    clock: this.clock,
    onFailure: ({ resource, verb }, outcome) => this.failures.push(`${verb} ${resource.plural} ${outcome}`),
  });

  /** Begins a call; the outcome is there when it has ended. */
  call(call = LIST): { outcome: Promise<unknown> } {
    return { outcome: this.api.call(call, this.stopping.signal).catch((error: unknown) => error) };
  }
}

it('sends a body as JSON and gives the answer back as such', async () => {
  const fixture = new Fixture();
  const body = { spec: { holderIdentity: 'here' } };
  const { outcome } = fixture.call({ verb: 'update', resource: LEASES, namespace: 'voice', name: 'leader', body });
  expect(fixture.transport.last.request).toEqual({
    method: 'PUT',
    path: '/apis/coordination.k8s.io/v1/namespaces/voice/leases/leader',
    body: JSON.stringify(body),
    contentType: 'application/json',
  });
  fixture.transport.reply({ metadata: { name: 'leader' } });
  expect(await outcome).toEqual({ metadata: { name: 'leader' } });
  expect(fixture.clock.sleeping).toBe(0);
});

it('says what is forbidden in the words of RBAC', async () => {
  const fixture = new Fixture();
  const { outcome } = fixture.call();
  fixture.transport.reply({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'no such role' }, 403);
  expect(await outcome).toMatchObject({
    code: 'KUBERNETES_API_ERROR',
    message: 'pods: list is forbidden in namespace voice (403 Forbidden): no such role',
    verb: 'list',
    resource: 'pods',
    namespace: 'voice',
    status: 403,
    reason: 'Forbidden',
    retryAfterMs: null,
  });
  expect(fixture.failures).toEqual(['list pods 403']);
});

it('reports how long the server asks to wait, by header or by body', async () => {
  const fixture = new Fixture();
  const first = fixture.call();
  fixture.transport.reply({ details: { retryAfterSeconds: 9 } }, 429, '5');
  expect(await first.outcome).toMatchObject({ status: 429, retryAfterMs: 5000 });
  const second = fixture.call();
  fixture.transport.reply({ details: { retryAfterSeconds: 9 } }, 429);
  expect(await second.outcome).toMatchObject({ status: 429, retryAfterMs: 9000 });
});

it('repeats the first words of an error that is no JSON', async () => {
  const fixture = new Fixture();
  const { outcome } = fixture.call();
  fixture.transport.reply('<html>bad gateway</html>', 502);
  expect(await outcome).toMatchObject({ status: 502, message: expect.stringContaining('<html>bad gateway') });
});

it('gives up when the time is over, and ends the exchange', async () => {
  const fixture = new Fixture();
  const { outcome } = fixture.call();
  fixture.transport.last.answer();
  fixture.transport.last.body.send('{"items":');
  await fixture.clock.advance(10_000);
  expect(await outcome).toMatchObject({
    code: 'KUBERNETES_UNREACHABLE',
    message: 'pods: list got no answer from the Kubernetes API: waiting for an answer: no result within 10000 ms',
  });
  expect(fixture.transport.last.signal.aborted).toBe(true);
  expect(fixture.failures).toEqual(['list pods no-answer']);
});

it('distinguishes a broken connection from an answer', async () => {
  const fixture = new Fixture();
  const { outcome } = fixture.call();
  fixture.transport.last.fail(new Error('read ECONNRESET'));
  expect(await outcome).toMatchObject({
    code: 'KUBERNETES_UNREACHABLE',
    message: expect.stringContaining('ECONNRESET'),
  });
});

it('refuses an answer that is no JSON', async () => {
  const fixture = new Fixture();
  const { outcome } = fixture.call();
  fixture.transport.reply('{"items":[');
  expect(await outcome).toMatchObject({ code: 'KUBERNETES_BAD_ANSWER' });
  expect(fixture.failures).toEqual(['list pods bad-answer']);
});

it('ends with the reason of the caller who gave up, which is no failure', async () => {
  const fixture = new Fixture();
  const { outcome } = fixture.call();
  const reason = new Error('the term is over');
  fixture.stopping.abort(reason);
  expect(await outcome).toBe(reason);
  expect(fixture.failures).toEqual([]);
  expect(fixture.clock.sleeping).toBe(0);
});

it('streams without a time limit once the server has accepted', async () => {
  const fixture = new Fixture();
  const chunks: string[] = [];
  const stream = fixture.api.stream({ ...LIST, verb: 'watch' }, fixture.stopping.signal);
  const reading = (async () => {
    for await (const chunk of stream) chunks.push(Buffer.from(chunk).toString());
  })();
  await settled();
  fixture.transport.last.answer();
  await fixture.clock.advance(60_000);
  fixture.transport.last.body.send('late');
  fixture.transport.last.body.end();
  await reading;
  expect(chunks).toEqual(['', 'late']);
  expect(fixture.transport.last.signal.aborted).toBe(true);
});

it('gives up on a stream that is not accepted in time', async () => {
  const fixture = new Fixture();
  const first = fixture.api.stream({ ...LIST, verb: 'watch' }, fixture.stopping.signal).next();
  const outcome = first.catch((error: unknown) => error);
  await fixture.clock.advance(10_000);
  expect(await outcome).toMatchObject({ code: 'KUBERNETES_UNREACHABLE' });
});
