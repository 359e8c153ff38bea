import { scriptSource } from './script-source';

const include = (name: string): string => `--- @include "${name}"`;

describe('scriptSource', () => {
  it('returns the text unchanged when it includes nothing', () => {
    expect(scriptSource('-- @include is only a word here\nreturn 1', {})).toBe(
      '-- @include is only a word here\nreturn 1',
    );
  });

  it('puts the fragment in place of the line when it is included', () => {
    const text = `-- header\n${include('pods')}\nreturn pods()`;

    expect(scriptSource(text, { pods: 'local pods = 1' })).toBe('-- header\nlocal pods = 1\nreturn pods()');
  });

  it('puts what a fragment needs before it when fragments include each other', () => {
    const fragments = { pods: `${include('keys')}\nlocal pods = keys`, keys: 'local keys = 1' };

    expect(scriptSource(include('pods'), fragments)).toBe('local keys = 1\nlocal pods = keys');
  });

  it('includes a fragment once when several ask for it', () => {
    const fragments = { pods: `${include('keys')}\nA`, calls: `${include('keys')}\nB`, keys: 'K' };

    expect(scriptSource(`${include('pods')}\n${include('calls')}`, fragments)).toBe('K\nA\n\nB');
  });

  it('keeps dollar signs when a fragment holds them', () => {
    expect(scriptSource(include('pattern'), { pattern: "name:match('^%w+$&')" })).toBe("name:match('^%w+$&')");
  });

  it('throws when a fragment is unknown', () => {
    expect(() => scriptSource(include('pods'), {})).toThrow('there is no Lua fragment "pods"');
  });

  it('throws when the name is one that every object has', () => {
    expect(() => scriptSource(include('toString'), {})).toThrow('there is no Lua fragment "toString"');
  });

  it('throws when fragments include each other in a circle', () => {
    const fragments = { pods: include('keys'), keys: include('pods') };

    expect(() => scriptSource(include('pods'), fragments)).toThrow('pods > keys > pods');
  });
});
