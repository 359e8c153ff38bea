import type { AuditRecord } from '@smart-router/history-checker';
import { askRedis, type RedisProcess, startRedis } from '@smart-router/testbed';
import { AuditReader } from './audit-reader';

describe('AuditReader', () => {
  let redis: RedisProcess;
  let reader: AuditReader;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(async () => {
    await askRedis(redis.port, 'FLUSHALL');
    reader = new AuditReader(redis.port, 'voice:audit');
  });
  afterEach(() => reader.close());

  const write = (sequence: number): Promise<string> =>
    askRedis(
      redis.port,
      `XADD voice:audit * sequence ${sequence} time_ms 5 operation release arguments '["1"]' result '["unknown-call"]'`,
    );
  const drained = async (): Promise<AuditRecord[]> => {
    const records: AuditRecord[] = [];
    await reader.drain((record) => records.push(record));
    return records;
  };

  it('hands each entry over once, however often it is asked', async () => {
    await write(1);
    await write(2);
    const first = await drained();
    await write(3);

    expect(first.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(first[0]).toMatchObject({ operation: 'release', args: ['1'], result: ['unknown-call'] });
    expect((await drained()).map(({ sequence }) => sequence)).toEqual([3]);
    expect(await drained()).toEqual([]);
  });

  it('continues where it was when its connection was cut', async () => {
    await write(1);
    await drained();
    await write(2);
    await askRedis(redis.port, 'CLIENT KILL TYPE normal SKIPME yes');

    expect((await drained()).map(({ sequence }) => sequence)).toEqual([2]);
  });
});
