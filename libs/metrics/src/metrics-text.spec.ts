import { MetricsText } from './metrics-text';

let nowMs = 0;
let rendered = 0;
let finish: (outcome: string | Error) => void = () => undefined;

const render = () => {
  rendered += 1;
  return new Promise<string>((resolve, reject) => {
    finish = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
  });
};

beforeEach(() => {
  nowMs = 0;
  rendered = 0;
});

describe('MetricsText', () => {
  it('renders once for all who ask while it renders, and within its age', async () => {
    const metrics = new MetricsText(render, 1_000, () => nowMs);
    const asked = Array.from({ length: 900 }, () => metrics.read());
    nowMs = 5_000;
    asked.push(metrics.read());
    finish('one');
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['one']));
    nowMs = 5_999;
    expect([await metrics.read(), rendered]).toEqual(['one', 1]);
  });

  it('renders anew when its age is over', async () => {
    const metrics = new MetricsText(render, 1_000, () => nowMs);
    const first = metrics.read();
    finish('one');
    await first;
    nowMs = 1_000;
    const second = metrics.read();
    finish('two');
    expect([await second, rendered]).toEqual(['two', 2]);
  });

  it('keeps nothing when it may have no age', async () => {
    const metrics = new MetricsText(render, 0, () => nowMs);
    const shared = [metrics.read(), metrics.read()];
    finish('one');
    await Promise.all(shared);
    const next = metrics.read();
    finish('two');
    expect([await next, rendered]).toEqual(['two', 2]);
  });

  it('keeps no failure', async () => {
    const metrics = new MetricsText(render, 1_000, () => nowMs);
    const failed = metrics.read();
    finish(new Error('broken'));
    await expect(failed).rejects.toThrow('broken');
    const next = metrics.read();
    finish('one');
    expect(await next).toBe('one');
  });
});
