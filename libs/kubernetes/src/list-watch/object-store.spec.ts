import fc from 'fast-check';
import type { Observed } from './kubernetes-object';
import { ObjectStore } from './object-store';

function object(name: string, version: number | string, uid = `${name}-1`): Observed<string> {
  return { name, uid, resourceVersion: String(version), value: `${name}@${version}` };
}

function storeOf(version: number, ...objects: Observed<string>[]): ObjectStore<string> {
  const store = new ObjectStore<string>();
  store.replace({ resourceVersion: String(version), objects });
  return store;
}

it('is complete after the first list only', () => {
  const store = new ObjectStore<string>();
  expect(store.isComplete).toBe(false);
  store.put(object('a', 1));
  expect(store.isComplete).toBe(false);
  store.merge({ resourceVersion: '1', objects: [] });
  expect(store.isComplete).toBe(true);
});

it('takes the same event twice for no news', () => {
  const store = storeOf(1);
  expect(store.put(object('a', 2))).toBe(true);
  expect(store.put(object('a', 2))).toBe(false);
  expect(store.remove(object('a', 3))).toBe(true);
  expect(store.remove(object('a', 3))).toBe(false);
});

it('compares versions as numbers, not as texts', () => {
  const store = storeOf(8, object('a', 9));
  expect(store.put(object('a', 10))).toBe(true);
  expect(store.values()).toEqual(['a@10']);
});

it('ignores an object that comes after its deletion', () => {
  const store = storeOf(1);
  store.remove(object('a', 5));
  expect(store.put(object('a', 4))).toBe(false);
  expect(store.values()).toEqual([]);
});

it('ignores the deletion of a life that another one has followed', () => {
  const store = storeOf(1, object('a', 6, 'second'));
  expect(store.remove(object('a', 5, 'first'))).toBe(false);
  expect(store.remove(object('a', 'opaque', 'first'))).toBe(false);
  expect(store.values()).toEqual(['a@6']);
});

it('takes a new life of a name for news', () => {
  const store = storeOf(1, object('a', 1, 'first'));
  store.remove(object('a', 2, 'first'));
  expect(store.put(object('a', 3, 'second'))).toBe(true);
  expect(store.get('a')?.uid).toBe('second');
});

it('ignores what a later list knows better', () => {
  const store = storeOf(10, object('a', 3));
  expect(store.put(object('b', 9))).toBe(false);
  expect(store.put(object('b', 11))).toBe(true);
});

it('ignores a list that is older than what a bookmark told', () => {
  const store = storeOf(1, object('a', 1));
  store.advance('20');
  expect(store.merge({ resourceVersion: '10', objects: [] })).toBe(false);
  expect(store.values()).toEqual(['a@1']);
});

it('does not bring back by a list what went away after it', () => {
  const store = storeOf(1, object('a', 1));
  store.remove(object('a', 12));
  store.merge({ resourceVersion: '10', objects: [object('a', 5)] });
  expect(store.values()).toEqual([]);
});

it('keeps what came after the list', () => {
  const store = storeOf(1);
  store.put(object('new', 12));
  store.merge({ resourceVersion: '10', objects: [object('a', 5)] });
  expect([...store.values()].sort()).toEqual(['a@5', 'new@12']);
});

it('tells whether a list changed anything', () => {
  const store = storeOf(1, object('a', 1));
  expect(store.merge({ resourceVersion: '5', objects: [object('a', 1)] })).toBe(false);
  expect(store.merge({ resourceVersion: '6', objects: [object('a', 6)] })).toBe(true);
  expect(store.merge({ resourceVersion: '7', objects: [] })).toBe(true);
});

it('begins anew with a list of a server whose versions began anew', () => {
  const store = storeOf(1000, object('a', 900));
  expect(store.replace({ resourceVersion: '5', objects: [object('b', 3)] })).toBe(true);
  expect(store.put(object('c', 6))).toBe(true);
  expect([...store.values()].sort()).toEqual(['b@3', 'c@6']);
});

it('lets what came last count where versions are no numbers', () => {
  const store = storeOf(1);
  expect(store.put(object('a', 'x'))).toBe(true);
  expect(store.put(object('a', 'w'))).toBe(true);
  expect(store.values()).toEqual(['a@w']);
});

/** A history of writes to a few names, as the server made it. */
const histories = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), remove: fc.boolean() }), {
  minLength: 1,
  maxLength: 12,
});

interface Write {
  readonly kind: 'put' | 'remove';
  readonly object: Observed<string>;
}

function writesOf(history: readonly { name: string; remove: boolean }[]): Write[] {
  const lives = new Map<string, number>();
  const present = new Set<string>();
  return history.map(({ name, remove }, index) => {
    const goes = remove && present.has(name);
    if (!goes && !present.has(name)) lives.set(name, (lives.get(name) ?? 0) + 1);
    if (goes) present.delete(name);
    else present.add(name);
    return { kind: goes ? 'remove' : 'put', object: object(name, 101 + index, `${name}-${lives.get(name)}`) };
  });
}

/** What the server has after so many writes. */
function listAfter(writes: readonly Write[], count: number) {
  const objects = new Map<string, Observed<string>>();
  for (const { kind, object: written } of writes.slice(0, count)) {
    if (kind === 'put') objects.set(written.name, written);
    else objects.delete(written.name);
  }
  return { resourceVersion: String(100 + count), objects: [...objects.values()] };
}

it('ends with what the server has, however events are repeated and reordered, and whenever lists arrive', () => {
  const scenario = histories.chain((history) => {
    const writes = writesOf(history);
    const events = fc.shuffledSubarray([...writes, ...writes], { minLength: writes.length * 2 });
    const lists = fc.array(fc.tuple(fc.nat(writes.length), fc.nat(writes.length * 2)), { maxLength: 3 });
    return fc.record({ writes: fc.constant(writes), events, lists });
  });
  fc.assert(
    fc.property(scenario, ({ writes, events, lists }) => {
      const store = storeOf(100);
      events.forEach(({ kind, object: written }, index) => {
        for (const [count, at] of lists) if (at === index) store.merge(listAfter(writes, count));
        if (kind === 'put') store.put(written);
        else store.remove(written);
      });
      const expected = listAfter(writes, writes.length).objects.map(({ value }) => value);
      expect([...store.values()].sort()).toEqual(expected.sort());
    }),
    { numRuns: 500 },
  );
});
