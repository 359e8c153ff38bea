import { MassExpiryGuard } from './mass-expiry-guard';

const HOLD_MS = 1_000_000;
const suspect = (storeTimeMs: number) => ({ heldBack: 10, hasNewSuspects: true, more: false, storeTimeMs });
const kept = (storeTimeMs: number) => ({ heldBack: 10, hasNewSuspects: false, more: false, storeTimeMs });
const nothing = (storeTimeMs: number) => ({ heldBack: 0, hasNewSuspects: false, more: false, storeTimeMs });

describe('MassExpiryGuard', () => {
  let guard: MassExpiryGuard;
  beforeEach(() => {
    guard = new MassExpiryGuard(HOLD_MS);
  });
  const see = (sweep: ReturnType<typeof suspect>, nowMs: number) => guard.see(sweep, guard.policy(nowMs), nowMs);

  it('suspects nothing that it has not seen', () => {
    expect(guard.policy(1e9)).toMatchObject({ suspectUntilMs: 0, isConfirmed: false });
  });

  it('confirms what was suspect once its own time has passed, and no sooner', () => {
    expect(see(suspect(7_000), 100)).toBe(true);
    expect(guard.policy(99 + HOLD_MS)).toMatchObject({ suspectUntilMs: 7_000, isConfirmed: false });
    expect(guard.policy(100 + HOLD_MS)).toMatchObject({ suspectUntilMs: 7_000, isConfirmed: true });
  });

  it('confirms the moment of the first look, whatever ran out since', () => {
    see(suspect(7_000), 0);
    expect(see(kept(9_000), HOLD_MS / 2)).toBe(false);
    expect(guard.policy(HOLD_MS)).toMatchObject({ suspectUntilMs: 7_000, isConfirmed: true });
  });

  it('lets all wait anew when more become suspect', () => {
    see(suspect(7_000), 0);
    expect(see(suspect(9_000), HOLD_MS / 2)).toBe(false);
    expect(guard.policy(HOLD_MS)).toMatchObject({ suspectUntilMs: 9_000, isConfirmed: false });
  });

  it('suspects nothing any more after the sweep that had it confirmed', () => {
    see(suspect(7_000), 0);
    see(kept(8_000), HOLD_MS);
    expect(guard.policy(HOLD_MS)).toMatchObject({ suspectUntilMs: 0, isConfirmed: false });
  });

  it('keeps confirming until that sweep is through', () => {
    see(suspect(7_000), 0);
    see({ ...kept(8_000), more: true }, HOLD_MS);
    expect(guard.policy(HOLD_MS)).toMatchObject({ suspectUntilMs: 7_000, isConfirmed: true });
  });

  it('forgets the suspects when all were renewed', () => {
    see(suspect(7_000), 0);
    see(nothing(8_000), HOLD_MS / 2);
    expect(see(suspect(9_000), HOLD_MS)).toBe(true);
  });

  it('expects the clock of the store to advance as its own, and a little tolerance', () => {
    see(nothing(50_000), 1_000);
    expect(guard.policy(3_000).latestStoreTimeMs).toBe(57_000);
  });

  it('expects nothing of a clock that it has not seen', () => {
    expect(guard.policy(3_000).latestStoreTimeMs).toBe(Number.MAX_SAFE_INTEGER);
  });
});
