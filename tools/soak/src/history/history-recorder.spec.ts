import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditChecker, HistoryChecker, parseOperation } from '@smart-router/history-checker';
import { HistoryRecorder } from './history-recorder';

describe('HistoryRecorder', () => {
  let folder: string;
  let checker: HistoryChecker;
  let recorder: HistoryRecorder;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'smart-router-history-'));
    checker = new HistoryChecker(new Map([['a', 1]]));
    const auditChecker = new AuditChecker((violation) => checker.report(violation), 0);
    recorder = new HistoryRecorder(checker, auditChecker, join(folder, 'history.jsonl'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes the operations of a call and has them checked when it is closed', async () => {
    const call = recorder.openCall('CA1');
    recorder.record(call, 3, 'allocate', call.openedNs + 1, { kind: 'allocated', pod: 'a', wasExisting: false });
    recorder.record(call, 3, 'release', call.openedNs + 2, { kind: 'unknown' });

    recorder.closeCall(call);
    await recorder.finish();

    const lines = readFileSync(join(folder, 'history.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map(parseOperation)).toEqual(call.operations);
    expect(call.operations.map(({ returnNs }) => returnNs === null)).toEqual([false, true]);
    expect(checker.finish()).toMatchObject({ calls: 1, operations: 2, holds: 1, violations: [] });
  });

  it('counts grants and what nobody knows', async () => {
    const call = recorder.openCall('CA1');
    recorder.record(call, 0, 'allocate', 1, { kind: 'unknown' });
    recorder.record(call, 0, 'allocate', 2, { kind: 'allocated', pod: 'a', wasExisting: false });
    recorder.record(call, 0, 'allocate', 3, { kind: 'allocated', pod: 'a', wasExisting: true });

    await recorder.finish();

    expect(recorder.figures).toEqual({
      operations: 3,
      freshGrants: 1,
      unknownAllocations: 1,
      results: { unknown: 1, allocated: 2 },
    });
  });

  it('finds two calls on one pod among thousands that came and went', async () => {
    const victim = recorder.openCall('victim');
    recorder.record(victim, 0, 'allocate', victim.openedNs, { kind: 'allocated', pod: 'a', wasExisting: false });
    for (let index = 0; index < 2_500; index++) {
      const call = recorder.openCall(`call-${index}`);
      recorder.record(call, 1, 'allocate', call.openedNs, { kind: 'no-capacity' });
      recorder.closeCall(call);
    }
    const second = recorder.openCall('second');
    recorder.record(second, 2, 'allocate', second.openedNs, { kind: 'allocated', pod: 'a', wasExisting: false });
    recorder.closeCall(second);
    recorder.closeCall(victim);
    await recorder.finish();

    expect(checker.finish().counts).toEqual({ 'double-grant': 1 });
  });
});
