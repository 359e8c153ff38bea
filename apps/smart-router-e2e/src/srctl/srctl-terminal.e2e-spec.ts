import { type AppProcess, waitFor } from '@smart-router/testbed';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCombined } from '../fleet/fleet';
import { type Env, runOnTerminal, runShell, runSrctl } from './srctl-process';

const LEFT = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const CTRL_C = '\u0003';

let app: AppProcess;
let folder: string;
let env: Env;

beforeAll(async () => {
  ({ app } = await startCombined());
  folder = mkdtempSync(join(tmpdir(), 'srctl-terminal-'));
  // A busy machine may take longer than a person would wait.
  env = { SRCTL_SERVER: app.baseUrl, XDG_CONFIG_HOME: folder, SRCTL_COMPLETION_TIMEOUT: '20s' };
});
afterAll(async () => {
  await app?.kill();
  rmSync(folder, { recursive: true, force: true });
});

describe('srctl watch', () => {
  it.each(['q', CTRL_C])('puts the terminal back when it is ended by %j', async (key) => {
    const run = runOnTerminal(['watch', '--interval', '200ms'], env);
    await waitFor(() => run.screen().includes('All pods are free.'), { description: 'the first look' });
    expect(run.screen()).toContain('\u001b[32m');
    run.press(key);
    expect((await run.ended).code).toBe(0);
    expect(run.screen().trimEnd().endsWith(LEFT)).toBe(true);
  });

  it('continues to look while the server is away', async () => {
    const run = runOnTerminal(['watch', '--interval', '200ms', '--server', 'http://127.0.0.1:1'], env);
    await waitFor(() => run.screen().split('cannot reach').length > 2, { description: 'two looks' });
    run.press('q');
    expect((await run.ended).code).toBe(0);
  });

  it('prints once where it is no terminal', async () => {
    const { code, stdout } = await runSrctl(['watch'], env);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^store memory up [^\u001b]*All pods are free\.\n$/)]);
  });
});

describe('srctl tier-config apply', () => {
  it.each([
    ['y\r', 0, 'version 2 '],
    ['n\r', 1, 'nothing was changed'],
    [CTRL_C, 1, 'nothing was changed'],
  ])('asks a person, who answers %j', async (answer, code, text) => {
    const file = join(folder, 'tiers.yaml');
    writeFileSync(file, 'tiers: { gold: { type: exclusive, target: 1 }, standard: { type: exclusive, target: 4 } }\n');
    const run = runOnTerminal(['tier-config', 'apply', '-f', file, '--no-color'], env);
    await waitFor(() => run.screen().includes('[y/N]') || run.screen().includes('no change'), {
      description: 'the question',
    });
    run.press(answer);
    expect((await run.ended).code).toBe(code);
    expect(run.screen()).toContain(text);
    await runSrctl(['tier-config', 'rollback', '--to', '1', '--yes'], env);
  });
});

describe('the completion of srctl', () => {
  const complete = async (...words: readonly string[]): Promise<string> =>
    (await runSrctl(['__complete', ...words], env)).stdout;

  it.each([
    [['st'], 'status\n'],
    [['tier-config', 'ro'], 'rollback\n'],
    [['drain', 'voice-agent-0', 'voice-agent-1'], 'voice-agent-1\n'],
    [['pods', '--pool', 'go'], 'gold\n'],
    [['pods', '--status', 'dr'], 'draining\n'],
    [['pods', '--po'], '--pool\n'],
    [['completion', 'f'], 'fish\n'],
    [['drain', 'x', '--server', 'http://127.0.0.1:1', ''], ''],
  ])('completes %j', async (words, names) => {
    expect(await complete(...words)).toBe(names);
  });

  it('works in bash', async () => {
    const line = `source <(srctl completion bash); COMP_WORDS=(srctl drain voice-agent-4); COMP_CWORD=2; _srctl; echo "\${COMPREPLY[@]}"`;
    expect(await runShell(line, env)).toMatchObject({ stdout: 'voice-agent-4\n' });
  });
});
