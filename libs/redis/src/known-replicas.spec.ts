import { ABSENCE_COUNTS_MS, KnownReplicas, parseReplicationState } from './known-replicas';

const INFO = [
  '# Replication',
  'role:master',
  'connected_slaves:3',
  'slave0:ip=10.0.0.1,port=6379,state=online,offset=100,lag=0',
  'slave1:ip=fd00::2,port=6379,state=online,offset=90,lag=1',
  'slave2:ip=10.0.0.3,port=6379,state=send_bulk,offset=0,lag=0',
  'master_failover_state:no-failover',
  'master_replid:d0802be41c01494073f7f8a9aec2f81ba33c859a',
  'master_replid2:0000000000000000000000000000000000000000',
].join('\r\n');

describe('parseReplicationState', () => {
  it('returns the replicas that follow, and not those that load a snapshot', () => {
    expect(parseReplicationState(INFO)).toEqual({
      isMaster: true,
      replicationId: 'd0802be41c01494073f7f8a9aec2f81ba33c859a',
      online: ['10.0.0.1:6379', 'fd00::2:6379'],
    });
  });

  it('returns no master for a replica', () => {
    expect(parseReplicationState('role:slave\r\nmaster_replid:abc\r\n').isMaster).toBe(false);
  });
});

describe('KnownReplicas', () => {
  let nowMs: number;
  let known: KnownReplicas;
  const observe = (online: readonly string[], replicationId = 'first') =>
    known.observe({ isMaster: true, replicationId, online });

  beforeEach(() => {
    nowMs = 0;
    known = new KnownReplicas(() => nowMs);
  });

  it('counts one when nothing is known', () => {
    expect(known.count).toBe(1);
  });

  it('counts one when there is none', () => {
    observe([]);
    expect(known.count).toBe(1);
  });

  it('counts those that are there, and each that joins', () => {
    observe(['a', 'b']);
    expect(known.count).toBe(2);
    observe(['a', 'b', 'c']);
    expect(known.count).toBe(3);
  });

  it('counts one that left until its absence has lasted', () => {
    observe(['a', 'b']);
    nowMs = 60_000;
    observe(['a']);
    nowMs += ABSENCE_COUNTS_MS - 1;
    observe(['a']);
    expect(known.count).toBe(2);
    nowMs += 1;
    observe(['a']);
    expect(known.count).toBe(1);
  });

  it('counts one that left beside one that took its place', () => {
    observe(['a', 'b']);
    observe(['a', 'c']);
    expect(known.count).toBe(3);
  });

  it('counts an absence anew when the replica was back meanwhile', () => {
    observe(['a', 'b']);
    observe(['a']);
    nowMs = ABSENCE_COUNTS_MS / 2;
    observe(['a', 'b']);
    observe(['a']);
    nowMs = ABSENCE_COUNTS_MS;
    observe(['a']);
    expect(known.count).toBe(2);
  });

  it('forgets the replicas of another master', () => {
    observe(['a', 'b']);
    observe(['b'], 'second');
    expect(known.count).toBe(1);
  });

  it('counts two behind one address', () => {
    observe(['a', 'a']);
    expect(known.count).toBe(2);
  });
});
