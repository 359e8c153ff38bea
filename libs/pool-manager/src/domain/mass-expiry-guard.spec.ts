import { MassExpiryGuard } from './mass-expiry-guard';

const HOLD_MS = 1_000_000;
const inDoubt = (storeTimeMs: number) => ({ heldBack: 10, inDoubt: true, more: false, storeTimeMs });
const kept = (storeTimeMs: number) => ({ heldBack: 10, inDoubt: false, more: false, storeTimeMs });
const nothing = (storeTimeMs: number) => ({ heldBack: 0, inDoubt: false, more: false, storeTimeMs });

describe('MassExpiryGuard', () => {
  let guard: MassExpiryGuard;
  beforeEach(() => {
    guard = new MassExpiryGuard(HOLD_MS);
  });
  const see = (sweep: ReturnType<typeof inDoubt>, nowMs: number) => guard.see(sweep, guard.judgement(nowMs), nowMs);

  it('doubts nothing that it has not seen', () => {
    expect(guard.judgement(1e9)).toMatchObject({ suspectUntilMs: 0, isConfirmed: false });
  });

  it('confirms what was in doubt once its own time has passed, and no sooner', () => {
    expect(see(inDoubt(7_000), 100)).toBe(true);
    expect(guard.judgement(99 + HOLD_MS)).toMatchObject({ suspectUntilMs: 7_000, isConfirmed: false });
    expect(guard.judgement(100 + HOLD_MS)).toMatchObject({ suspectUntilMs: 7_000, isConfirmed: true });
  });

  it('confirms the moment of the first look, whatever ran out since', () => {
    see(inDoubt(7_000), 0);
    expect(see(kept(9_000), HOLD_MS / 2)).toBe(false);
    expect(guard.judgement(HOLD_MS)).toMatchObject({ suspectUntilMs: 7_000, isConfirmed: true });
  });

  it('lets all wait anew when more come into doubt', () => {
    see(inDoubt(7_000), 0);
    expect(see(inDoubt(9_000), HOLD_MS / 2)).toBe(false);
    expect(guard.judgement(HOLD_MS)).toMatchObject({ suspectUntilMs: 9_000, isConfirmed: false });
  });

  it('doubts nothing any more after the sweep that was told so', () => {
    see(inDoubt(7_000), 0);
    see(kept(8_000), HOLD_MS);
    expect(guard.judgement(HOLD_MS)).toMatchObject({ suspectUntilMs: 0, isConfirmed: false });
  });

  it('goes on confirming until that sweep is through', () => {
    see(inDoubt(7_000), 0);
    see({ ...kept(8_000), more: true }, HOLD_MS);
    expect(guard.judgement(HOLD_MS)).toMatchObject({ suspectUntilMs: 7_000, isConfirmed: true });
  });

  it('forgets the doubt when all were renewed', () => {
    see(inDoubt(7_000), 0);
    see(nothing(8_000), HOLD_MS / 2);
    expect(see(inDoubt(9_000), HOLD_MS)).toBe(true);
  });

  it('expects the clock of the store to go on as its own, and a little tolerance', () => {
    see(nothing(50_000), 1_000);
    expect(guard.judgement(3_000).latestStoreTimeMs).toBe(57_000);
  });

  it('expects nothing of a clock that it has not seen', () => {
    expect(guard.judgement(3_000).latestStoreTimeMs).toBe(Number.MAX_SAFE_INTEGER);
  });
});
