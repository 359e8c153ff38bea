import { FlapDamper } from './flap-damper';

/** Ready and not ready in turn, a second each, so often; the last time ready. @returns when it became ready */
function flap(damper: FlapDamper, lapses: number, from = 0): number {
  let now = from;
  damper.note('a', true, now);
  for (let lapse = 0; lapse < lapses; lapse++) {
    damper.note('a', false, (now += 1_000));
    damper.note('a', true, (now += 1_000));
  }
  return now;
}

it('believes a pod at once that becomes ready for the first time', () => {
  const damper = new FlapDamper();
  damper.note('a', false, 0);
  damper.note('a', true, 1_000);
  expect(damper.heldForMs('a', 1_000)).toBe(0);
});

it('believes a pod at once after two lapses', () => {
  const damper = new FlapDamper();
  const now = flap(damper, 2);
  expect(damper.heldForMs('a', now)).toBe(0);
});

it('holds a pod after the third lapse until it was ready for ten seconds', () => {
  const damper = new FlapDamper();
  const now = flap(damper, 3);
  expect(damper.heldForMs('a', now)).toBe(10_000);
  expect(damper.heldForMs('a', now + 9_999)).toBe(1);
  expect(damper.heldForMs('a', now + 10_000)).toBe(0);
});

it('keeps holding a pod that keeps flapping', () => {
  const damper = new FlapDamper();
  const now = flap(damper, 100);
  expect(damper.heldForMs('a', now)).toBe(10_000);
});

it('does not count the same state twice', () => {
  const damper = new FlapDamper();
  const now = flap(damper, 2);
  damper.note('a', true, now + 100);
  expect(damper.heldForMs('a', now + 100)).toBe(0);
});

it('forgets lapses of long ago', () => {
  const damper = new FlapDamper();
  flap(damper, 2);
  const now = flap(damper, 1, 100_000);
  expect(damper.heldForMs('a', now)).toBe(0);
});

it('forgets pods that are gone', () => {
  const damper = new FlapDamper();
  const now = flap(damper, 3);
  damper.keep(new Set(['b']));
  expect(damper.heldForMs('a', now)).toBe(0);
});
