import { DECLARED, finishScript } from './script-declarations';

describe('finishScript', () => {
  it('puts the declared type before each key that is checked', () => {
    const lua = 'check_types(PODS, lease_key(pod), assigned_key(pool))\nif is_foreign(call_key(new.call_sid)) then end';

    expect(finishScript(lua)).toBe(
      "check_types('zset', PODS) check_types('string', lease_key(pod)) check_types('set', assigned_key(pool))\n" +
        "if is_foreign('hash', call_key(new.call_sid)) then end",
    );
  });

  it('leaves a check alone that names a type itself', () => {
    const lua = 'quarantine(policy.structure, available)\nlocal function check_types(kind, key) end';

    expect(finishScript(lua)).toBe(lua);
  });

  it('throws when the type of a key is not declared', () => {
    expect(() => finishScript('check_types(available_key(pool))')).toThrow('the type of available_key(pool)');
  });

  it('keeps of the declarations what the script uses', () => {
    const lua = `${DECLARED['declared-keys']}\n${DECLARED.constants}\nreturn pod_calls_key(PODS) .. LIVE_MS`;

    expect(finishScript(lua).split('\n').filter(Boolean)).toEqual([
      "local PODS = prefix .. 'pods'",
      "local function pod_calls_key(pod) return prefix .. 'pod:calls:' .. pod end",
      'local LIVE_MS = 5000',
      'return pod_calls_key(PODS) .. LIVE_MS',
    ]);
  });
});
