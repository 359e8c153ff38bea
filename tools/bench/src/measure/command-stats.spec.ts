import { commandCountsOf, mainThreadSecondsOf, readsOf } from './command-stats';

const COMMAND_STATS = [
  '# Commandstats',
  'cmdstat_hget:calls=900,usec=800,usec_per_call=0.89,rejected_calls=0,failed_calls=0',
  'cmdstat_time:calls=90,usec=80,usec_per_call=0.89,rejected_calls=0,failed_calls=0',
  'cmdstat_evalsha:calls=42,usec=4000,usec_per_call=95.00,rejected_calls=0,failed_calls=1',
  'cmdstat_eval:calls=3,usec=400,usec_per_call=133.00,rejected_calls=0,failed_calls=0',
  'cmdstat_info:calls=7,usec=700,usec_per_call=100.00,rejected_calls=0,failed_calls=0',
].join('\r\n');

describe('commandCountsOf', () => {
  it('counts scripts, by hash and by text, apart from the commands that they call', () => {
    expect(commandCountsOf(COMMAND_STATS)).toEqual({ scripts: 45, scriptMicroseconds: 4400, commands: 990 });
  });

  it('returns 0 when no script has run', () => {
    const counts = commandCountsOf('# Commandstats\r\ncmdstat_info:calls=1,usec=1');

    expect(counts).toEqual({ scripts: 0, scriptMicroseconds: 0, commands: 0 });
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

describe('mainThreadSecondsOf', () => {
  it('adds user and system time of the main thread, and of no other', () => {
    const cpu = [
      ...['used_cpu_sys:9.5', 'used_cpu_user:9.5', 'used_cpu_sys_children:1'],
      ...['used_cpu_sys_main_thread:1.25', 'used_cpu_user_main_thread:2.5'],
    ].join('\r\n');

    expect(mainThreadSecondsOf(cpu)).toBe(3.75);
  });

  it('throws when Redis does not say', () => {
    expect(() => mainThreadSecondsOf('used_cpu_sys:9.5')).toThrow('6.2 or newer');
  });
});
