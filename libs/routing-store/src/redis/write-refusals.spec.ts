import { StoreUnavailableError } from '../domain/errors';
import { WriteRefusals } from './write-refusals';

const answering = (text: string) => () => Promise.reject(new StoreUnavailableError(new Error(text)));
const FULL = answering("OOM command not allowed when used memory > 'maxmemory'.");

describe('WriteRefusals', () => {
  let nowMs: number;
  let observed: (string | null)[];
  let refusals: WriteRefusals;
  const probe = (outcome: () => Promise<unknown>) => refusals.learnFrom(outcome).catch(() => undefined);

  beforeEach(() => {
    [nowMs, observed] = [1_000, []];
    refusals = new WriteRefusals({ writesRefused: (reason) => observed.push(reason) }, () => nowMs);
  });

  it('keeps the time of the first refusal, and reports it once', async () => {
    await probe(FULL);
    nowMs = 9_000;
    await probe(FULL);
    expect(refusals.current).toEqual({ sinceMs: 1_000, code: 'OOM' });
    expect(observed).toEqual([expect.stringContaining('maxmemory')]);
  });

  it('reports another reason, since the same time', async () => {
    await probe(FULL);
    nowMs = 9_000;
    await probe(answering('MISCONF Redis is configured to save RDB snapshots'));
    expect(refusals.current).toEqual({ sinceMs: 1_000, code: 'MISCONF' });
    expect(observed).toHaveLength(2);
  });

  it('reports the end, once', async () => {
    await probe(FULL);
    await probe(() => Promise.resolve());
    await probe(() => Promise.resolve());
    expect([refusals.current, observed.slice(1)]).toEqual([null, [null]]);
  });

  it('learns nothing from a lost connection, and passes the failure on', async () => {
    await expect(refusals.learnFrom(answering('Connection is closed.'))).rejects.toThrow(StoreUnavailableError);
    expect([refusals.current, observed]).toEqual([null, []]);
  });
});
