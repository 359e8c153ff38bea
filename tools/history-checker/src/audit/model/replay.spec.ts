import {
  allocate,
  allocateFor,
  DAY,
  endCall,
  NO_LIMIT,
  release,
  type Recorded,
  recorded,
} from '../../testing/recorded';
import type { AuditRecord, AuditValue } from '../audit-record';
import { Replay } from './replay';

function complaintsAbout(records: readonly AuditRecord[]): string[] {
  const replay = new Replay();
  return records.flatMap((record) => replay.apply(record) ?? []);
}

describe('the rules', () => {
  const complaints = (...operations: readonly Recorded[]): string[] => complaintsAbout(recorded(...operations));

  /** The first request for the call, or one that comes after it. */
  const requested = (callSid: string, outcome = 'allocated'): Recorded => [
    'allocate',
    [callSid, '', '', '', DAY, DAY, NO_LIMIT, outcome === 'allocated' ? 'first' : 'second', '', 'gold'],
    [outcome, 'a', 'gold', '1', '', Number(callSid)],
  ];
  const terminating: Recorded = ['registerPod', ['1', 'a', 'first', '0', 'gold', '{}', '1'], ['known', 'gold', []]];
  const granted1 = allocate('1', 'allocated', 'a', 'gold', '1', '');
  const twilio1 = allocateFor({ provider: 'Twilio' }, '1', 'allocated', 'a', 'gold', '1', '');
  const seen1 = (provider: string, ...result: AuditValue[]): Recorded =>
    allocateFor({ provider, owners: provider }, '1', ...result);

  it('allow a call its pod, and the next one the next pool', () => {
    expect(complaints(granted1, allocate('2', 'allocated', 'b', 'basic', '1', ''))).toEqual([]);
  });

  it.each<[string, string, Recorded[]]>([
    ['a second pod to a live call', 'lives on a', [granted1, allocate('1', 'allocated', 'b', 'basic', '1', '')]],
    ['a busy exclusive pod', 'had 1 calls', [granted1, allocate('2', 'allocated', 'a', 'gold', '1', '')]],
    ['a pod of another pool', 'not of basic', [allocate('1', 'allocated', 'a', 'basic', '1', '')]],
    ['a pod of a later pool', 'a of gold had room', [allocate('1', 'allocated', 'b', 'basic', '1', '')]],
    ['no pod while one is free', 'a of gold had room', [allocate('1', 'no-capacity', '')]],
    [
      'an answer from the past',
      'does not live',
      [granted1, release('1', 'released', 'a', 'gold', 0), allocate('1', 'existing', 'a', 'gold', '1', '')],
    ],
    ['a pod to a call that was ended', 'was ended', [endCall('1', 'api', '', 'unknown-call'), granted1]],
    [
      'a refusal of a call whose end somebody else has reported',
      'was not ended',
      [endCall('1', 'exotel', '', 'unknown-call'), allocate('1', 'call-ended')],
    ],
    ['a refusal of a call that lives', 'the call lives', [granted1, allocate('1', 'call-ended')]],
    [
      'another provider to see a call',
      'belongs to twilio',
      [twilio1, seen1('exotel', 'existing', 'a', 'gold', '1', '')],
    ],
    [
      'another provider to end a call',
      'belongs to twilio',
      [twilio1, endCall('1', 'exotel api', '', 'released', 'a', 'gold', 0)],
    ],
    ['a provider not to see its own call', 'no call of another', [twilio1, seen1('twilio', 'foreign-call')]],
    ['a provider not to end its own call', 'no call of another', [twilio1, endCall('1', 'twilio', '', 'foreign-call')]],
    ['a call of nobody to be one of another', 'no call of another', [endCall('1', 'twilio', '', 'foreign-call')]],
    ['a refusal of a call that was not ended', 'was not ended', [allocate('1', 'call-ended')]],
    [
      'a drain of a pod that terminates to be taken back',
      'terminates',
      [terminating, ['undrain', ['a'], ['undrained', 0]]],
    ],
    ['a pod to terminate that nobody ends', 'does not terminate', [['undrain', ['a'], ['terminating']]]],
    ['a draining pod', 'a drains', [['drain', ['a', DAY], ['draining', 0]], granted1]],
    ['a pod whose drain has no end', 'a drains', [['drain', ['a', '', '0'], ['draining', 0]], granted1]],
    [
      'a pod whose drain was only to be prolonged',
      'a drains',
      [['drain', ['a', '', '0'], ['draining', 0]], ['drain', ['a', '1', '1'], ['draining', 0]], granted1],
    ],
    [
      'a pod that is not ready',
      'not ready',
      [['registerPod', ['1', 'a', 'first', '0', 'gold', '{}'], ['known', 'gold', []]], granted1],
    ],
    [
      'a second release',
      'does not live',
      [granted1, release('1', 'released', 'a', 'gold', 0), release('1', 'released', 'a', 'gold', 0)],
    ],
    ['a release of another pod', 'is on a', [granted1, release('1', 'released', 'b', 'basic', 0)]],
    ['a live call not to be known', 'lives on a', [granted1, release('1', 'unknown-call')]],
    ['a heartbeat of nothing', 'does not live', [['heartbeat', ['1', DAY, DAY], ['renewed', 'a', '1']]]],
    ['a wrong load', 'has 1 calls', [granted1, ['drain', ['a', DAY], ['draining', 0]]]],
    [
      'a write of a former leader',
      'epoch 1',
      [
        ['configurePool', ['2', 'gold', 'exclusive', '1'], ['configured', 0]],
        ['repairPod', ['1', 'a'], ['repaired', 0, []]],
      ],
    ],
    ['the leader to be refused', 'in charge', [['repairPod', ['1', 'a'], ['stale-epoch']]]],
    ['an epoch twice', 'next epoch is 2', [['claimEpoch', [], ['claimed', 1]]]],
    [
      'calls of a former incarnation to live on',
      'calls 1 must end',
      [granted1, ['registerPod', ['1', 'a', 'second', '1', 'gold', '{}'], ['restarted', 'gold', []]]],
    ],
    [
      'calls of a removed pod to live on',
      'calls 1 must end',
      [granted1, ['removePod', ['1', 'a', ''], ['removed', []]]],
    ],
    ['a later incarnation to be removed', 'another incarnation', [['removePod', ['1', 'a', 'zero'], ['removed', []]]]],
    [
      'a busy pod to be moved when only idle ones may',
      'busy',
      [granted1, ['movePod', ['1', 'a', 'basic', '1'], ['moved', 'gold']]],
    ],
    [
      'a live call to be ended by a repair',
      'has not ended',
      [granted1, ['repairPod', ['1', 'a'], ['repaired', 1, ['1']]]],
    ],
    ['a repair of what nobody broke', 'had to be repaired', [['repairPod', ['1', 'a'], ['repaired', 1, []]]]],
    [
      'a live call to expire',
      'has not ended',
      [granted1, ['expireLeases', ['1', '10'], ['expired', ['1', 'a'], [], 0]]],
    ],
    [
      'a drain to end before its time',
      'still drains',
      [
        ['drain', ['a', DAY], ['draining', 0]],
        ['expireLeases', ['1', '10'], ['expired', [], ['a'], 0]],
      ],
    ],
    ['leftovers to be swept', 'do not belong', [['sweepPool', ['1', 'gold', '1/0'], ['swept', '', ['b'], []]]]],
    ['leftovers of a call to be swept', 'do not belong', [['sweepIndexes', ['1', '1/0'], ['swept', '', ['1'], []]]]],
    ['a pod that was not listed', 'not listed a', [['sweepIndexes', ['1', '1/0'], ['swept', '', [], ['a']]]]],
    ['a pool with pods to be removed', 'has pods', [['removePool', ['1', 'gold'], ['removed']]]],
    [
      'a number of a grant twice',
      'given before',
      [allocate('2', 'allocated', 'a', 'gold', '1', ''), allocate('1', 'allocated', 'b', 'basic', '1', '')],
    ],
    ['another grant to be released', 'has grant 1', [granted1, ['release', ['1'], ['released', 'a', 'gold', 0, 2]]]],
    [
      'a released grant to be restored',
      'was ended',
      [
        granted1,
        release('1', 'released', 'a', 'gold', 0),
        ['reassertCall', ['1', 'a', 'gold', '', '', '1', '1', DAY, DAY], ['restored', 'gold']],
      ],
    ],
    [
      'a grant to be forgotten',
      'the call lives',
      [granted1, ['reassertCall', ['1', 'a', 'gold', '', '', '1', '1', DAY, DAY], ['ended']]],
    ],
    [
      'a release to be repeated on a later grant',
      'still stands',
      [granted1, ['reassertRelease', ['1', '1'], ['noted']]],
    ],
    [
      'a later grant to be ended by the repeated release of an earlier one',
      'no such grant',
      [granted1, ['reassertRelease', ['1', '0'], ['released']]],
    ],
    [
      'a grant to be abandoned that another request has met',
      'somebody knows of it',
      [requested('1'), requested('1', 'existing'), ['abandonGrant', ['1', 'first'], ['abandoned', 1]]],
    ],
    [
      'a grant not to be abandoned that nobody has met',
      'nobody has met',
      [requested('1'), ['abandonGrant', ['1', 'first'], ['claimed']]],
    ],
    ['what nobody knows', 'no such operation', [['conjure', [], ['done']]]],
  ])('do not allow %s', (_, complaint, operations) => {
    expect(complaints(...operations)).toEqual([expect.stringContaining(complaint)]);
  });

  it('allow a grant to be abandoned that nobody has met, and calls to be held', () => {
    const abandoned: Recorded = ['abandonGrant', ['1', 'first'], ['abandoned', 1]];
    expect(complaints(requested('1'), abandoned, allocate('1', 'held'), release('1', 'unknown-call'))).toEqual([]);
  });

  it('keep a call from all but its owner and the API', () => {
    const api1 = allocate('1', 'existing', 'a', 'gold', '1', '');
    const others = [seen1('exotel', 'foreign-call'), endCall('1', 'exotel api', '', 'foreign-call')];
    expect(complaints(twilio1, ...others, api1, seen1('twilio', 'existing', 'a', 'gold', '1', ''))).toEqual([]);
  });

  it('bar those for whom an end was reported, also where a repeated one found a call of another', () => {
    const barred = [seen1('exotel', 'call-ended'), twilio1, release('1', 'released', 'a', 'gold', 0)];
    expect(complaints(endCall('1', 'exotel', '', 'unknown-call'), ...barred)).toEqual([]);
    const repeated = [twilio1, endCall('1', 'exotel', '9', 'foreign-call'), release('1', 'released', 'a', 'gold', 0)];
    expect(complaints(...repeated, seen1('exotel', 'call-ended'))).toEqual([]);
    expect(
      complaints(
        twilio1,
        endCall('1', 'twilio', '0', 'unknown-call'),
        seen1('twilio', 'existing', 'a', 'gold', '1', ''),
      ),
    ).toEqual([]);
  });

  it('bar nobody by the end of an unknown call that is one too many', () => {
    const refused = endCall('1', 'exotel', '', 'too-many-unknown');
    expect(complaints(refused, seen1('exotel', 'allocated', 'a', 'gold', '1', ''))).toEqual([]);
    expect(complaints(twilio1, endCall('1', 'twilio', '', 'too-many-unknown'))).toEqual([
      expect.stringContaining('lives on a'),
    ]);
  });

  it('bar nobody for longer by the same report again', () => {
    const end = endCall('1', 'exotel', '', 'unknown-call');
    const records = recorded(end, end, seen1('exotel', 'allocated', 'a', 'gold', '1', ''));
    const at = (record: AuditRecord | undefined, days: number): AuditRecord => ({
      ...(record as AuditRecord),
      timeMs: 1_700_000_000_000 + days * Number(DAY),
    });
    const [first, again, grant] = records.slice(-3);
    const fleet = records.slice(0, -3);
    expect(complaintsAbout([...fleet, at(first, 0), at(again, 0.5), at(grant, 1.1)])).toEqual([]);
    expect(complaintsAbout([...fleet, at(first, 0), at(again, 0.5), at(grant, 0.9)])).toEqual([
      expect.stringContaining('was ended'),
    ]);
  });

  it('allow a shared pod its calls and no more, the least loaded first', () => {
    const pods: Recorded[] = [['registerPod', ['1', 'c', 'first', '1', 'basic', '{}'], ['added', 'basic', []]]];
    const basic = (callSid: string, pod: string): Recorded => [
      'allocate',
      [callSid, '', '', '', DAY, DAY, NO_LIMIT, '', '', 'basic'],
      ['allocated', pod, 'basic', '1', '', Number(callSid)],
    ];

    expect(complaints(...pods, basic('1', 'b'), basic('2', 'c'), basic('3', 'c'), basic('4', 'b'))).toEqual([]);
    expect(complaints(...pods, basic('1', 'b'), basic('2', 'b'))).toEqual([expect.stringContaining('c had fewer')]);
    expect(complaints(basic('1', 'b'), basic('2', 'b'), basic('3', 'b'))).toEqual([expect.stringContaining('had 2')]);
  });

  it('let a lease run out, and a drain', () => {
    const records = recorded(granted1, ['drain', ['b', '1000'], ['draining', 0]]);
    const later = records.length + 1;
    const expired: AuditRecord = {
      ...{ sequence: later, timeMs: 1_700_000_000_000 + 2 * Number(DAY), operation: 'expireLeases' },
      ...{ args: ['1', '10'], result: ['expired', ['1', 'a'], ['b'], 0] },
    };

    expect(complaintsAbout([...records, expired])).toEqual([]);
  });
});
