import { namesAt, outcomeOf, parseAuditRecord } from './audit-record';

const FIELDS = { sequence: '7', time_ms: '1700000000123', operation: 'removePod', arguments: '["3","pod-1",""]' };

describe('parseAuditRecord', () => {
  it('returns what the store recorded', () => {
    const record = parseAuditRecord({ ...FIELDS, result: '["removed",["call-1"]]' });

    expect(record).toMatchObject({ sequence: 7, timeMs: 1_700_000_000_123, operation: 'removePod' });
    expect(record.args).toEqual(['3', 'pod-1', '']);
    expect([outcomeOf(record), namesAt(record, 1)]).toEqual(['removed', ['call-1']]);
  });

  it('returns empty lists where Lua wrote empty objects', () => {
    const record = parseAuditRecord({ ...FIELDS, arguments: '{}', result: '["removed",{}]' });

    expect([record.args, namesAt(record, 1)]).toEqual([[], []]);
  });

  it('throws when it is no entry of an audit', () => {
    expect(() => parseAuditRecord({ hello: 'world' })).toThrow('no entry of an audit: {"hello":"world"}');
  });
});
