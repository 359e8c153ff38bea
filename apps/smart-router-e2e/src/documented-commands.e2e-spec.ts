import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AppProcess } from '@smart-router/testbed';
import { startCombined } from './fleet/fleet';

const ROOT = join(__dirname, '../../..');
const run = promisify(execFile);

/** What whoever copies a command must never see: the mistake would be that of the page. */
const MISTAKES = ['INVALID_REQUEST', 'INVALID_URL', 'INVALID_BODY', 'INVALID_FIELD', 'NOT_FOUND', 'METHOD_NOT_ALLOWED'];

const CURL = /^(?:ETAG=.*)?\$?\(?curl /;

/** The lines of all blocks of code of a page that are commands of this kind, in their order. */
function commandsOf(page: string, kind = CURL): string[] {
  const blocks = readFileSync(join(ROOT, page), 'utf8').match(/^```[\s\S]*?^```$/gm) ?? [];
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/^\$ /, ''))
    .filter((line) => kind.test(line));
}

describe('the commands of the documentation', () => {
  let app: AppProcess;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'documented-commands-'));
    ({ app } = await startCombined({ STATIC_PODS: '', TIER_CONFIG: '' }));
  });

  afterEach(async () => {
    await app?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The answers of all commands of a page, each on a line of its own. */
  async function answersTo(commands: readonly string[]): Promise<string[]> {
    const script = [`API=${app.baseUrl}/api/v1`, ...commands.flatMap((command) => [command, 'echo'])].join('\n');
    const here = script.replaceAll(/(?:http:\/\/)?localhost:8080/g, app.baseUrl);
    const { stdout } = await run('bash', ['-c', here], { cwd: folder });
    return stdout.split('\n').filter((line) => line !== '');
  }

  it.each([
    ['README.md', 4],
    ['docs/quickstart.md', 6],
  ])('succeed one after the other in %s', async (page, atLeast) => {
    const commands = commandsOf(page);
    const answers = await answersTo(commands);

    expect(commands.length).toBeGreaterThanOrEqual(atLeast);
    expect(answers).toHaveLength(commands.length);
    expect(answers.filter((answer) => /"error"/.test(answer))).toEqual([]);
  });

  it('succeed one after the other in docs/srctl.md', async () => {
    const commands = commandsOf('docs/srctl.md', /^srctl /);
    const srctl = `srctl() { "${process.execPath}" "${ROOT}/dist/apps/srctl/main.js" "$@"; }`;
    const script = ['set -e', srctl, `export SRCTL_SERVER=${app.baseUrl}`, ...commands].join('\n');
    const env = { ...process.env, XDG_CONFIG_HOME: folder, NO_COLOR: '1' };
    const { stdout } = await run('bash', ['-c', script], { cwd: folder, env });

    expect(commands.length).toBeGreaterThan(15);
    expect(stdout).toMatch(/pool +\w+\n[^]*voice-agent-2: [^]*\nCHECK +RESULT +WHAT\n/);
  });

  it('are requests that the API understands in docs/api.md', async () => {
    const commands = commandsOf('docs/api.md');
    const answers = await answersTo(commands);
    const refused = answers.filter((answer) => MISTAKES.includes(/"code":"([A-Z_]+)"/.exec(answer)?.[1] ?? ''));

    expect(commands.length).toBeGreaterThan(30);
    expect(answers.length).toBeGreaterThan(30);
    expect(refused).toEqual([]);
  });
});
