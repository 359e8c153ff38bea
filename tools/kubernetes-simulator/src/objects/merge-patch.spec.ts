import { applyMergePatch, checkPatchType } from './merge-patch';

describe('applyMergePatch', () => {
  it('merges objects, removes by null and replaces lists', () => {
    const merged = applyMergePatch({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: null }, d: [2] });

    expect(merged).toEqual({ a: { c: 2 }, d: [2] });
  });

  it('leaves the target as it was', () => {
    const target = { a: { b: 1 } };

    applyMergePatch(target, { a: { b: 2 } });

    expect(target).toEqual({ a: { b: 1 } });
  });
});

describe('checkPatchType', () => {
  it('accepts a merge patch, also with a charset', () => {
    expect(() => checkPatchType('application/merge-patch+json; charset=utf-8')).not.toThrow();
  });

  it('throws 415 when the type of the patch is not known', () => {
    expect(() => checkPatchType('text/plain')).toThrow(expect.objectContaining({ status: 415 }));
  });
});
