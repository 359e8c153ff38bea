import { bundleFixture, FixtureProcess } from './testing/fixture-process';

let file: string;
beforeAll(() => {
  file = bundleFixture();
});

describe('the space for new objects', () => {
  const SHOW_OPTIONS = '--import=data:text/javascript,console.error(String(process.execArgv))';
  const optionsOfStarts = async (nodeOptions: string): Promise<string> => {
    const fixture = new FixtureProcess(file, { args: ['--help'], env: { NODE_OPTIONS: nodeOptions } });
    expect(await fixture.exitCode()).toBe(0);
    return fixture.stderr;
  };

  it('is bounded, as Node begins a second time', async () => {
    expect(await optionsOfStarts(SHOW_OPTIONS)).toBe('\n--max-semi-space-size=16\n');
  });

  it.each(['--max-semi-space-size=32', '--max_semi_space_size=32'])('is what %s says', async (option) => {
    expect(await optionsOfStarts(`${option} ${SHOW_OPTIONS}`)).toBe('\n');
  });
});
