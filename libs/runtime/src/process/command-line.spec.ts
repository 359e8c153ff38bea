import { commandLineAnswer } from './command-line';

describe('commandLineAnswer', () => {
  it('lets a process start that has no arguments', () => {
    expect(commandLineAnswer('api', [])).toBeNull();
  });

  it.each(['--help', '-h'])('shows name, version and where settings are documented when asked by %s', (argument) => {
    const answer = commandLineAnswer('leader-worker', [argument]);
    expect(answer?.exitCode).toBe(0);
    expect(answer?.text).toMatch(/^Smart Router \S+, leader-worker\n/);
    expect(answer?.text).toContain('docs/configuration.md');
    expect(answer?.text).toContain('--version');
  });

  it('shows the version alone', () => {
    expect(commandLineAnswer('api', ['--version'])).toEqual({ exitCode: 0, text: expect.stringMatching(/^\S+\n$/) });
  });

  it.each([[['--port', '80']], [['--help', '--port']], [['serve']]])('refuses %j in one line that names it', (args) => {
    const answer = commandLineAnswer('api', args);
    const named = args.find((arg) => arg !== '--help');
    expect(answer).toEqual({ exitCode: 2, text: `unknown argument "${named}": see --help\n` });
  });
});
