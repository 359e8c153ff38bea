import { ManualClock, settled } from '@smart-router/scheduling/testing';
import { boundedAttempt, type AttemptOutcome } from './bounded-attempt';

class Fixture {
  readonly clock = new ManualClock();
  readonly stopping = new AbortController();
  readonly late: unknown[] = [];
  outcome: AttemptOutcome<unknown> | null = null;

  async run(run: (signal: AbortSignal) => unknown): Promise<void> {
    const { clock, late, stopping } = this;
    const onLate = (result: unknown): void => void late.push(result);
    const attempt = { step: 'starting store', timeoutMs: 100, clock, signal: stopping.signal, run, onLate };
    void boundedAttempt<unknown>(attempt).then(({ outcome }) => (this.outcome = outcome));
    await settled();
  }
}

describe('boundedAttempt', () => {
  it('returns what was made, and leaves no timer', async () => {
    const fixture = new Fixture();
    await fixture.run(() => 'store');
    expect(fixture.outcome).toEqual({ kind: 'succeeded', result: 'store' });
    expect(fixture.clock.sleeping).toBe(0);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('fails when it %s', async (_, run) => {
    const fixture = new Fixture();
    await fixture.run(run);
    expect(fixture.outcome).toEqual({ kind: 'failed', error: new Error('broken') });
  });

  it('fails when nothing comes in time, and aborts the signal of the attempt', async () => {
    const fixture = new Fixture();
    let signal: AbortSignal | null = null;
    await fixture.run((given) => {
      signal = given;
      return new Promise(() => undefined);
    });
    await fixture.clock.advance(100);
    expect(fixture.outcome).toMatchObject({ kind: 'failed', error: { code: 'STARTUP_TIMEOUT' } });
    expect((signal as unknown as AbortSignal).aborted).toBe(true);
  });

  it('hands over once what comes too late', async () => {
    const fixture = new Fixture();
    let resolve: (value: string) => void = () => undefined;
    await fixture.run(() => new Promise((done) => (resolve = done)));
    await fixture.clock.advance(100);
    resolve('store');
    resolve('another');
    await settled();
    expect(fixture.late).toEqual(['store']);
  });

  it('takes no notice of a failure that comes too late', async () => {
    const fixture = new Fixture();
    let reject: (error: Error) => void = () => undefined;
    await fixture.run(() => new Promise((_, fail) => (reject = fail)));
    await fixture.clock.advance(100);
    reject(new Error('too late'));
    await settled();
    expect([fixture.outcome?.kind, fixture.late]).toEqual(['failed', []]);
  });

  it('is abandoned when the process stops', async () => {
    const fixture = new Fixture();
    await fixture.run(() => new Promise(() => undefined));
    fixture.stopping.abort();
    await settled();
    expect(fixture.outcome).toEqual({ kind: 'abandoned' });
    expect(fixture.clock.sleeping).toBe(0);
  });
});
