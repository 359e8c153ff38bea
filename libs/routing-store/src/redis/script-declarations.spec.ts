import { finishScript } from './script-declarations';

describe('finishScript', () => {
  it('puts the declared type before each key that is checked', () => {
    const lua = 'check_types(PODS, lease_key(pod), assigned_key(pool))\nif is_foreign(call_key(new.call_sid)) then end';

    expect(finishScript(lua, 'v:')).toBe(
      "check_types('zset', 'v:pods') check_types('string', ('v:lease:' .. pod))" +
        " check_types('set', (pool_base(pool) .. ':assigned'))\n" +
        "if is_foreign('hash', ('v:call:' .. new.call_sid)) then end",
    );
  });

  it('leaves a check alone that names a type itself', () => {
    const lua = 'quarantine(policy.structure, available)\nlocal function check_types(kind, key) end';

    expect(finishScript(lua, 'v:')).toBe(lua);
  });

  it('throws when the type of a key is not declared', () => {
    expect(() => finishScript('check_types(available_key(pool))', '')).toThrow('the type of available_key(pool)');
  });

  it('writes keys and constants out where they are used', () => {
    const lua = 'return pod_calls_key(pod) .. PODS .. LIVE_MS .. PAST_CALLS_A_MINUTE.ended .. API_OWNER';

    expect(finishScript(lua, 'v:')).toBe("return ('v:pod:calls:' .. pod) .. 'v:pods' .. 5000 .. 12000 .. 'api'");
  });

  it('throws when a key is of what a function returns', () => {
    expect(() => finishScript('return past_key(string.lower(call_sid))', '')).toThrow('past_key');
  });

  it('quotes the prefix', () => {
    expect(finishScript('return #KEY_PREFIX', "a'b\\")).toBe("return #'a\\'b\\\\'");
  });

  it('leaves comments, strings and other names alone', () => {
    const lua = "--[[ PODS of\n a POOLS ]]\n-- a pod's PODS\nlocal XPODS = 'PODS' .. available_key(pool) .. MAX_TRIES";

    expect(finishScript(lua, 'v:')).toBe(lua);
  });
});
