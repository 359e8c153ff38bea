import { Writable } from 'node:stream';
import { ShapedPipe } from './shaped-pipe';

const SOURCE = { pause: () => undefined as never, resume: () => undefined as never };

describe('ShapedPipe', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('delivers in even portions, and not in one go at the end, when the line is narrow', () => {
    const portions: number[] = [];
    const sink = new Writable({
      write: (bytes: Buffer, _encoding, done) => {
        portions.push(bytes.length);
        done();
      },
    });
    const pipe = new ShapedPipe(SOURCE, sink, { latencyMs: 0, jitterMs: 0, bytesPerSecond: 10_000 }, () => 0);

    pipe.send(Buffer.alloc(2_000));

    jest.advanceTimersByTime(100);
    expect(portions).toEqual([200, 200, 200, 200, 200]);
    jest.advanceTimersByTime(99);
    expect(portions).toHaveLength(9);
    jest.advanceTimersByTime(1);
    expect(portions).toHaveLength(10);
  });
});
