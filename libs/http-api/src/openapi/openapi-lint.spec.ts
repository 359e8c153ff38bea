import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../../../..');
const RULESET = join(ROOT, 'libs/http-api/.spectral.yaml');
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
    expect(await findingsOfSpectral(DOCUMENT)).toEqual([]);
  }, 60_000);
});

/** @returns the rules that the document breaks */
async function findingsOfSpectral(document: string): Promise<string[]> {
  const args = ['lint', document, '--ruleset', RULESET, '--format', 'json', '--quiet'];
  // It ends with 1 where it found something, which stands in its output all the same.
  const output = await run('spectral', args).catch((error: { stdout?: string }) => {
    if (!error.stdout) throw error;
    return error.stdout;
  });
  return (JSON.parse(output || '[]') as Finding[]).map(({ code = '' }) => code);
}

/** All that clients which are generated from a document have tripped over. */
const TROUBLESOME = {
  openapi: '3.0.0',
  paths: {
    '/x': {
      put: {
        parameters: [{ name: 'dry_run', in: 'query', schema: { type: 'string', enum: ['true', 'false'] } }],
        responses: { 200: { description: 'No schema.', content: { 'application/json': {} } } },
      },
    },
  },
  components: {
    securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    schemas: {
      ReleaseRequest: { type: 'object', properties: { reason: { type: 'object' } } },
      TierConfigChange: { required: ['tiers', 'default_tier'] },
    },
  },
};

describe('the own rules', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'openapi-lint-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('find each mistake that clients have tripped over', async () => {
    const document = join(folder, 'openapi.json');
    writeFileSync(document, JSON.stringify(TROUBLESOME));

    expect(await findingsOfSpectral(document)).toEqual(
      expect.arrayContaining([
        'answer-has-schema',
        'boolean-is-boolean',
        'key-is-no-jwt',
        'object-says-its-fields',
        'operation-says-security',
        'tier-config-asks-for-tiers-only',
      ]),
    );
  }, 60_000);
});
