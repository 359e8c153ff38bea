import { applyPatch } from './patches';

describe('applyPatch', () => {
  const merge = (target: unknown, patch: unknown): unknown => applyPatch(target, patch, 'application/merge-patch+json');
  const strategic = (target: unknown, patch: unknown): unknown =>
    applyPatch(target, patch, 'application/strategic-merge-patch+json; charset=utf-8');
  const json = (target: unknown, patch: unknown): unknown => applyPatch(target, patch, 'application/json-patch+json');

  it('merges objects, removes by null and replaces lists in a merge patch', () => {
    expect(merge({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: null }, d: [2] })).toEqual({ a: { c: 2 }, d: [2] });
  });

  it('merges lists by their key in a strategic merge patch', () => {
    const target = { containers: [{ name: 'a', image: '1' }, { name: 'b' }], args: [1] };
    const patch = {
      containers: [
        { name: 'a', image: '2' },
        { name: 'b', $patch: 'delete' },
      ],
      args: [2],
    };

    expect(strategic(target, patch)).toEqual({ containers: [{ name: 'a', image: '2' }], args: [2] });
  });

  it('adds to and deletes from a list of finalizers in a strategic merge patch', () => {
    const target = { finalizers: ['a', 'b'] };

    expect(strategic(target, { finalizers: ['c'] })).toEqual({ finalizers: ['a', 'b', 'c'] });
    expect(strategic(target, { '$deleteFromPrimitiveList/finalizers': ['a'] })).toEqual({ finalizers: ['b'] });
  });

  it('keeps directives out of what is stored', () => {
    const patch = { '$setElementOrder/containers': [{ name: 'a' }], spec: { $patch: 'replace', x: 1 } };

    expect(strategic({ spec: { y: 2 } }, patch)).toEqual({ spec: { x: 1 } });
  });

  it('applies the operations of a JSON patch in their order', () => {
    const patch = [
      { op: 'test', path: '/a~1b', value: 1 },
      { op: 'move', from: '/a~1b', path: '/c' },
      { op: 'add', path: '/list/-', value: 3 },
      { op: 'replace', path: '/list/0', value: 0 },
      { op: 'copy', from: '/list', path: '/copy' },
    ];

    expect(json({ 'a/b': 1, list: [1, 2] }, patch)).toEqual({ c: 1, list: [0, 2, 3], copy: [0, 2, 3] });
  });

  it.each([
    [[{ op: 'remove', path: '/nothing' }]],
    [[{ op: 'test', path: '/a', value: 2 }]],
    [[{ op: 'dance', path: '/a' }]],
    [{ a: 2 }],
  ])('throws 422 and leaves the target as it was when the JSON patch is %j', (patch) => {
    const target = { a: 1 };

    expect(() => json(target, patch)).toThrow(expect.objectContaining({ status: 422 }));
    expect(target).toEqual({ a: 1 });
  });

  it('throws 415 when the type of the patch is not known', () => {
    expect(() => applyPatch({}, {}, 'text/plain')).toThrow(expect.objectContaining({ status: 415 }));
  });
});
