import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../../../..');
const DOCUMENT = join(ROOT, 'docs/reference/openapi.json');

/** Nothing is asked of the network. */
const OFFLINE = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

async function run(tool: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...OFFLINE };
  const { stdout } = await promisify(execFile)(join(ROOT, 'node_modules/.bin', tool), [...args], { cwd: ROOT, env });
  return stdout;
}

interface Finding {
  readonly ruleId?: string;
  readonly code?: string;
}

/** Errors and warnings alike: what the recommended rules of the usual linters say of the committed document. */
describe('docs/reference/openapi.json', () => {
  it('has no finding of Redocly', async () => {
    const args = ['lint', DOCUMENT, '--extends=recommended', '--format=json', '--max-problems=1000'];
    const { problems, totals } = JSON.parse(await run('redocly', args)) as { problems: Finding[]; totals: object };
    expect(problems.map(({ ruleId }) => ruleId)).toEqual([]);
    expect(totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });
  }, 60_000);

  it('has no finding of Spectral', async () => {
    const ruleset = join(ROOT, 'libs/http-api/.spectral.yaml');
    const args = ['lint', DOCUMENT, '--ruleset', ruleset, '--format', 'json', '--fail-severity', 'error', '--quiet'];
    const found = JSON.parse((await run('spectral', args)) || '[]') as Finding[];
    expect(found.map(({ code }) => code)).toEqual([]);
  }, 60_000);
});
