import { readsOf, scriptCallsOf } from './command-stats';

const COMMAND_STATS = [
  '# Commandstats',
  'cmdstat_hget:calls=900,usec=800,usec_per_call=0.89,rejected_calls=0,failed_calls=0',
  'cmdstat_evalsha:calls=42,usec=4000,usec_per_call=95.00,rejected_calls=0,failed_calls=1',
  'cmdstat_eval:calls=3,usec=400,usec_per_call=133.00,rejected_calls=0,failed_calls=0',
].join('\r\n');

describe('scriptCallsOf', () => {
  it('counts scripts by hash and by text, and not what they call', () => {
    expect(scriptCallsOf(COMMAND_STATS)).toBe(45);
  });

  it('returns 0 when no script has run', () => {
    expect(scriptCallsOf('# Commandstats\r\ncmdstat_info:calls=1,usec=1')).toBe(0);
  });
});

describe('readsOf', () => {
  it('returns the number of reads from clients', () => {
    expect(readsOf('total_commands_processed:9\r\ntotal_reads_processed:17\r\ntotal_writes_processed:16')).toBe(17);
  });

  it('throws when Redis does not say', () => {
    expect(() => readsOf('total_commands_processed:9')).toThrow('7.0 or newer');
  });
});
