import { PAST_CALL_MS, PAST_CALLS_A_MINUTE } from '../domain/past-calls';
import { PastCalls } from './past-calls';

describe('PastCalls', () => {
  let now = 0;
  let past: PastCalls;
  beforeEach(() => {
    now = 1_000;
    past = new PastCalls(() => now);
  });

  const refuse = (callSid: string) =>
    past.remember({
      kind: 'refused',
      call: { callSid, merchantId: '', provider: null, refusedAt: Math.floor(now / 1000), attempts: [] },
    });

  it('forgets a call when its time is over', () => {
    refuse('call-1');
    now += PAST_CALL_MS - 1;
    expect(past.find('call-1')?.kind).toBe('refused');
    now += 1;
    expect(past.find('call-1')).toBeNull();
  });

  it('keeps of each kind what a minute allows, and begins anew with the next minute', () => {
    for (let i = 0; i <= PAST_CALLS_A_MINUTE.refused; i++) refuse(`call-${i}`);
    expect(past.find(`call-${PAST_CALLS_A_MINUTE.refused - 1}`)).not.toBeNull();
    expect(past.find(`call-${PAST_CALLS_A_MINUTE.refused}`)).toBeNull();
    now += 60_000;
    refuse('late');
    expect(past.find('late')).not.toBeNull();
  });

  it('knows nothing older of a call that was not kept', () => {
    for (let i = 0; i <= PAST_CALLS_A_MINUTE.refused; i++) refuse('call-1');
    expect(past.find('call-1')).toBeNull();
  });
});
