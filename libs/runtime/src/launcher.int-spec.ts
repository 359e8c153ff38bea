import { bundleFixture, FixtureProcess } from './testing/fixture-process';

let file: string;
beforeAll(() => {
  file = bundleFixture();
});

describe('the memory of a process', () => {
  const SHOW = '--import=data:text/javascript,console.error(String(process.execArgv),process.env.GLIBC_TUNABLES)';
  const NEW_OBJECTS = '--max-semi-space-size=8';
  const OLD_OBJECTS = '--heap-growing-percent=100';
  const MALLOC = 'glibc.malloc.trim_threshold=131072:glibc.malloc.tcache_count=0';
  const starts = async (env: Readonly<Record<string, string>>): Promise<string[]> => {
    const fixture = new FixtureProcess(file, { args: ['--help'], env });
    expect(await fixture.exitCode()).toBe(0);
    return fixture.stderr.trimEnd().split('\n');
  };

  it('is bounded, as Node begins a second time', async () => {
    expect(await starts({ NODE_OPTIONS: SHOW })).toEqual([' undefined', `${NEW_OBJECTS},${OLD_OBJECTS} ${MALLOC}`]);
  });

  it.each(['--max-semi-space-size=32', '--max_semi_space_size=32'])(
    'has what %s gives to new objects',
    async (option) => {
      expect(await starts({ NODE_OPTIONS: `${option} ${SHOW}` })).toEqual([' undefined', `${OLD_OBJECTS} ${MALLOC}`]);
    },
  );

  it('has what GLIBC_TUNABLES says', async () => {
    const own = 'glibc.malloc.arena_max=2';
    const expected = [` ${own}`, `${NEW_OBJECTS},${OLD_OBJECTS} ${own}`];
    expect(await starts({ NODE_OPTIONS: SHOW, GLIBC_TUNABLES: own })).toEqual(expected);
  });
});
