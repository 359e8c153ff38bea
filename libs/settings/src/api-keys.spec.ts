import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from './load-settings';
import { problemsOf } from './testing/problems-of';

const SECRET = 'canary-0123456789';
const OTHER = 'canary-9876543210';

const keysOf = (env: Record<string, string>) => loadSettings(env, 'smart-router').access.apiKeys;

describe('API_KEYS', () => {
  it.each([`old:write:${SECRET},new:read:${OTHER}`, ` old:write:${SECRET}\n\n new:read:${OTHER}\r\n`])(
    'returns every key when entries are separated by commas or lines: %j',
    (text) => {
      expect(keysOf({ API_KEYS: text })).toEqual([
        { name: 'old', scope: 'write', secret: SECRET },
        { name: 'new', scope: 'read', secret: OTHER },
      ]);
    },
  );

  it('returns the keys of the file when API_KEYS_FILE names one', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'api-keys-')), 'keys');
    writeFileSync(path, `ops:write:${SECRET}\n`);
    expect(keysOf({ API_KEYS_FILE: path })).toEqual([{ name: 'ops', scope: 'write', secret: SECRET }]);
  });

  it.each([16, 256])('takes a secret of %d characters', (length) => {
    expect(keysOf({ API_KEYS: `a:read:${'x'.repeat(length)}` })).toHaveLength(1);
  });

  it.each([
    ['no entry', ','],
    ['no scope', `a:${SECRET}`],
    ['an unknown scope', `a:admin:${SECRET}`],
    ['no name', `:read:${SECRET}`],
    ['a name with a space', `a b:read:${SECRET}`],
    ['a name that is too long', `${'a'.repeat(65)}:read:${SECRET}`],
    ['a secret that is too short', `a:read:${SECRET.slice(0, 15)}`],
    ['a secret that is too long', `a:read:${'x'.repeat(257)}`],
    ['a secret that no header can hold', `a:read:${SECRET}\u00e4`],
    ['a colon too many', `a:read:${SECRET}:x`],
    ['one name twice', `a:read:${SECRET},a:write:${OTHER}`],
    ['one secret twice', `a:read:${SECRET},b:write:${SECRET}`],
  ])('refuses %s, and shows nothing of the value', (_case, text) => {
    const problems = problemsOf({ API_KEYS: text });
    expect(problems).toEqual([expect.stringMatching(/^API_KEYS must be entries <name>:<scope>:<secret>/)]);
    expect(problems.join()).not.toContain('canary');
  });
});
