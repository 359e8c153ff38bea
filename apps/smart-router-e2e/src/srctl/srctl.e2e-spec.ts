import type { AppProcess } from '@smart-router/testbed';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCombined } from '../fleet/fleet';
import { type Env, type Finished, runShell, runSrctl } from './srctl-process';

const WRITE_KEY = 'write-secret-0123456789';
const READ_KEY = 'read-secret-0123456789';
const API_KEYS = `ops:write:${WRITE_KEY},dash:read:${READ_KEY}`;

let app: AppProcess;
let folder: string;
let env: Env;

beforeAll(async () => {
  ({ app } = await startCombined({ API_KEYS }));
  folder = mkdtempSync(join(tmpdir(), 'srctl-'));
  env = { SRCTL_SERVER: app.baseUrl, SRCTL_API_KEY: WRITE_KEY, XDG_CONFIG_HOME: folder };
});
afterAll(async () => {
  await app?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const srctl = (...args: readonly string[]): Promise<Finished> => runSrctl(args, env);

/** @returns what it wrote to stdout @throws where it failed */
async function data(...args: readonly string[]): Promise<string> {
  const { code, stderr, stdout } = await srctl(...args);
  if (code !== 0) throw new Error(`srctl ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

describe('srctl shows the fleet', () => {
  it('as a table for people, without colors where it is no terminal', async () => {
    const table = await data('status');
    expect(table).toMatch(
      /^store memory up .* leader \S+ for \d+\w \(epoch \d+\) .* tier config 1 .* calls 0\nPOOL +TYPE/,
    );
    expect(table).toMatch(/\nbasic +shared \(3\) +\d+ +\d+ +0 +\d+ +1 +0\n/);
    expect(table).not.toContain('\u001b');
  });

  it('as the API answers it for programs, and as names for other commands', async () => {
    expect(JSON.parse(await data('status', '-o', 'json'))).toMatchObject({ status: 'up', active_calls: 0 });
    expect(await data('pods', '-o', 'name')).toBe([0, 1, 2, 3, 4].map((index) => `voice-agent-${index}\n`).join(''));
    expect(await data('pods', 'voice-agent-1', '-o', 'yaml')).toMatch(/^pod_name: voice-agent-1\npool: /);
    expect(await data('pods', '--pool', 'gold', '-o', 'name')).toMatch(/^voice-agent-\d\n$/);
  });

  it('ends well where nobody reads the rest', async () => {
    expect(await runShell('set -o pipefail; srctl pods -o json | head -1', env)).toEqual({
      code: 0,
      stdout: '[\n',
      stderr: '',
    });
  });
});

describe('srctl drives calls and pods', () => {
  it('gives a call a pod, shows why, and takes it back', async () => {
    const pod = (await data('allocate', 'srctl-1', '--merchant', 'acme', '-o', 'name')).trim();
    expect(await data('calls')).toMatch(new RegExp(`\nsrctl-1 +${pod} +\\w+ +acme `));
    expect(await data('call', 'srctl-1')).toMatch(/TRIED +ANSWER\n(.*\n)*\w+ +granted\n/);
    expect(await data('release', 'srctl-1', '--reason', 'completed')).toMatch(new RegExp(`\npod +${pod}\n`));
    expect(await data('call', 'srctl-1')).toMatch(/\nstatus +ended\n/);
  });

  it.each(['', 'acme-explained'])('explains which pool gives a call of merchant "%s" its pod', async (merchant) => {
    if (merchant !== '') await data('merchants', 'set', merchant, '--tier', 'basic');
    const explained = await data('explain', ...(merchant === '' ? [] : [merchant]), '-o', 'name');
    const allocated = await data('allocate', 'srctl-explained', '--merchant', merchant, '-o', 'json');
    expect(`${(JSON.parse(allocated) as { pool: string }).pool}\n`).toBe(explained);
    await data('release', 'srctl-explained');
  });

  it('says on stderr what each pool answered where a call gets no pod', async () => {
    await data('drain', 'voice-agent-0', 'voice-agent-1', 'voice-agent-2', 'voice-agent-3', 'voice-agent-4');
    const refused = await srctl('allocate', 'srctl-2');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(/^standard: draining\n/);
    expect(refused.stderr).toMatch(
      /error: no pods available \(NO_PODS_AVAILABLE, status 503, request \S+, try again after 1 s\)/,
    );
    await data('undrain', 'voice-agent-0', 'voice-agent-1', 'voice-agent-2', 'voice-agent-3', 'voice-agent-4');
  });

  it('waits for the calls of a pod that drains, and counts them', async () => {
    const pod = (await data('allocate', 'srctl-3', '-o', 'name')).trim();
    const waiting = srctl('drain', pod, '--wait', '30s');
    await expect(data('pods', pod)).resolves.toContain(pod);
    await data('release', 'srctl-3');
    const { code, stderr } = await waiting;
    expect([code, stderr]).toEqual([0, expect.stringContaining(`${pod}: drained, no calls are left`)]);
    await data('undrain', pod);
  });

  it('says how many calls are left where they do not end in time', async () => {
    const pod = (await data('allocate', 'srctl-4', '-o', 'name')).trim();
    const { code, stderr } = await srctl('drain', pod, '--ttl', '1h', '--wait', '1s');
    expect([code, stderr]).toEqual([1, `${pod}: 1 call left\nerror: ${pod} still has 1 call\n`]);
    await data('release', 'srctl-4');
    await data('undrain', pod);
  });
});

describe('srctl changes configuration', () => {
  it('shows what a merchant would try, changes it, and rolls it back', async () => {
    expect(await data('merchants', 'set', 'acme', '--tier', 'gold', '--dry-run')).toMatch(/after +gold > /);
    await data('merchants', 'set', 'acme', '--tier', 'gold');
    await data('merchants', 'set', 'acme', '--tier', 'basic', '--fallback', '');
    expect(await data('merchants')).toMatch(/\nacme +basic +- +/);
    await data('merchants', 'rollback', 'acme', '--to', '1');
    expect(await data('merchants', 'get', 'acme')).toContain('{"tier":"gold"}');
    expect(await data('merchants', 'versions', 'acme', '-o', 'name')).toBe('3\n2\n1\n');
    await data('merchants', 'remove', 'acme');
    expect(await data('audit', '--subject', 'acme', '--limit', '1')).toMatch(/ ops +merchant.delete +acme /);
  });

  it('applies a tier config once it has shown what changes, and refuses one that is stale', async () => {
    const file = join(folder, 'tiers.yaml');
    writeFileSync(file, (await data('tier-config', 'get', '-o', 'yaml')).replace('target: 1\n', 'target: 2\n'));

    expect(await data('tier-config', 'diff', '-f', file)).toMatch(/-\s+target: 1\n\+\s+target: 2\n/);
    const unasked = await srctl('tier-config', 'apply', '-f', file);
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('nobody can be asked here') });
    const applied = await srctl('tier-config', 'apply', '-f', file, '--yes');
    expect(applied).toMatchObject({ code: 0, stderr: expect.stringMatching(/\+\s+target: 2\n/) });
    expect(applied.stdout).toMatch(/^version 2 /);

    writeFileSync(
      file,
      (await data('tier-config', 'get', '--at', '1', '-o', 'yaml')).replace('target: 1\n', 'target: 3\n'),
    );
    expect(await srctl('tier-config', 'apply', '-f', file, '--yes')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/VERSION_CONFLICT[^]*hint: somebody has changed it/),
    });
    expect((await srctl('tier-config', 'rollback', '--to', '1', '--yes')).stdout).toMatch(/^version 3 /);
    expect(await data('tier-config', 'versions', '-o', 'name')).toBe('3\n2\n1\n');
  });

  it('says that a file changes nothing', async () => {
    const file = join(folder, 'same.json');
    writeFileSync(file, await data('tier-config', 'get', '-o', 'json'));
    expect(await srctl('tier-config', 'apply', '-f', file)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no change'),
    });
  });

  it.each([
    ['{"tiers":{"gold":{"type":"exclusive","target":-1}}}', 3, 'INVALID_TIER_CONFIG'],
    ['tiers: [', 2, 'cannot be read'],
    ['gold: 10', 2, 'has no tiers'],
  ])('refuses %s', async (text, code, reason) => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, text);
    expect(await srctl('tier-config', 'apply', '-f', file, '--yes')).toMatchObject({
      code,
      stderr: expect.stringContaining(reason),
    });
  });
});

describe('srctl says what went wrong', () => {
  it.each([
    [['stauts'], 2, 'Did you mean status?'],
    [['pods', '--staus', 'x'], 2, 'Did you mean --status?'],
    [['pods', '-o', 'xml'], 2, 'Allowed choices are table, json, yaml, name'],
    [['drain'], 2, "missing required argument 'pods'"],
    [['drain', '--wait', 'voice-agent-1', 'voice-agent-2'], 2, '"voice-agent-1" is no duration'],
    [['status', '--timeout', 'soon'], 2, '"soon" is no duration'],
    [['status', '--server', 'localhost'], 2, 'is no address of a server'],
    [['status', '--context', 'prod'], 2, 'there is no context prod'],
    [['call', 'nobody'], 3, 'CALL_NOT_FOUND'],
    [['drain', 'voice-agnt-1'], 3, 'hint: did you mean voice-agent-1?'],
    [['pods', 'nobody'], 3, 'hint: srctl pods lists the pods'],
    [['merchants', 'nobody'], 3, 'there is no merchant nobody (MERCHANT_NOT_FOUND'],
    [['status', '--server', 'http://127.0.0.1:1'], 4, 'cannot reach http://127.0.0.1:1'],
  ])('with %j', async (args, code, reason) => {
    const finished = await srctl(...args);
    expect([finished.code, finished.stderr]).toEqual([code, expect.stringContaining(reason)]);
    expect(finished.stdout).toBe('');
    expect(finished.stderr).not.toMatch(/^ +at /m);
  });

  it.each([
    ['', 'UNAUTHORIZED', 'hint: set SRCTL_API_KEY'],
    ['wrong', 'UNAUTHORIZED', 'hint: set SRCTL_API_KEY'],
    [READ_KEY, 'FORBIDDEN', 'scope write'],
  ])('with the key "%s"', async (key, code, reason) => {
    const finished = await runSrctl(['drain', 'voice-agent-0'], { ...env, SRCTL_API_KEY: key });
    expect(finished).toMatchObject({ code: 3, stdout: expect.not.stringContaining('drain') });
    expect(finished.stderr).toContain(code);
    expect(finished.stderr).toContain(reason);
  });

  it('has an example for every command', async () => {
    const commands = /Commands:\n([^]*?)\n\n/.exec(await data('--help'))?.[1] ?? '';
    const names = [...commands.matchAll(/^ {2}(\S+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
    expect(names.length).toBeGreaterThan(12);
    // Of the groups each command has one.
    const single = names.filter((name) => !['merchants', 'tier-config'].includes(name));
    const helps = await Promise.all(single.map((name) => data(name, '--help')));
    for (const help of helps) expect(help).toMatch(/Examples?:\n {2}\$ .*srctl /);
  });
});

describe('contexts of srctl', () => {
  const path = (): string => join(folder, 'srctl', 'config.yaml');
  const own = (key: Env = {}): Env => ({ XDG_CONFIG_HOME: folder, ...key });
  const run = (args: readonly string[], key?: Env): Promise<Finished> => runSrctl(args, own(key));

  afterEach(() => rmSync(path(), { force: true }));

  it.each([
    [['--key-env', 'OPS_KEY'], { OPS_KEY: WRITE_KEY }],
    [['--key-command', `echo ${WRITE_KEY}`], {}],
  ])('bring their key by %j', async (source, key) => {
    expect(await run(['config', 'set', 'prod', '--server', app.baseUrl, ...source])).toMatchObject({ code: 0 });
    expect(await run(['pods', '-o', 'name'], key)).toMatchObject({ code: 0, stderr: '' });
    expect((await run(['config', 'contexts'])).stdout).toMatch(new RegExp(`\\* +prod +${app.baseUrl} +\\w+ .* +no\n`));
  });

  it('bring their key by a file, and keep none in their own, which only its owner can read', async () => {
    const file = join(folder, 'key');
    writeFileSync(file, `${WRITE_KEY}\n`);
    await run(['config', 'set', 'prod', '--server', app.baseUrl, '--key-file', file]);
    expect(await run(['status', '-o', 'name'])).toMatchObject({ code: 0 });
    expect((await runShell(`stat -c %a ${path()}; cat ${path()}`)).stdout).toMatch(/^600\n/);
    expect((await runShell(`cat ${path()}`)).stdout).not.toContain(WRITE_KEY);
    await runShell(`chmod 644 ${path()}`);
    expect(await run(['status'])).toMatchObject({ code: 2, stderr: expect.stringContaining('chmod 600') });
  });

  it('send nothing that changes something when they are read-only', async () => {
    await run(['config', 'set', 'prod', '--server', app.baseUrl, '--key-env', 'OPS_KEY', '--read-only']);
    const key = { OPS_KEY: WRITE_KEY };
    const changes = [
      ['allocate', 'x'],
      ['release', 'x'],
      ['drain', 'voice-agent-0'],
      ['undrain', 'voice-agent-0'],
      ['merchants', 'set', 'x', '--tier', 'gold'],
      ['merchants', 'remove', 'x'],
      ['tier-config', 'rollback', '--to', '1', '--yes'],
      ['simulate', 'twilio'],
    ];
    const refused = await Promise.all(changes.map((change) => run(change, key)));
    const isReadOnly = { code: 3, stderr: expect.stringContaining('context prod is read-only') };
    expect(refused).toEqual(changes.map(() => expect.objectContaining(isReadOnly)));
    expect(await run(['calls', '-o', 'name'], key)).toMatchObject({ code: 0, stdout: '' });
  });

  it('keep their key from any other server', async () => {
    await run(['config', 'set', 'prod', '--server', 'http://127.0.0.1:1', '--key-command', `echo ${WRITE_KEY}`]);
    expect(await run(['status', '--server', app.baseUrl])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('UNAUTHORIZED'),
    });
  });

  it('are chosen, and forgotten', async () => {
    await run(['config', 'set', 'one', '--server', 'http://one:1']);
    await run(['config', 'set', 'two', '--server', 'http://two:2']);
    await run(['config', 'use', 'two']);
    expect(JSON.parse((await run(['config', 'contexts', '-o', 'json'])).stdout)).toMatchObject({
      'current-context': 'two',
    });
    await run(['config', 'remove', 'two']);
    expect((await run(['config', 'contexts', '-o', 'name'])).stdout).toBe('one\n');
    expect(existsSync(path())).toBe(true);
    expect(await run(['config', 'use', 'two'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('known: one'),
    });
  });
});
