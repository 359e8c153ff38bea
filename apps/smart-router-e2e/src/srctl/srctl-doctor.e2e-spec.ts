import type { AppProcess } from '@smart-router/testbed';
import { startCombined } from '../fleet/fleet';
import { runSrctl } from './srctl-process';

const WRITE_KEY = 'write-secret-0123456789';

describe('srctl doctor', () => {
  let app: AppProcess;
  afterEach(() => app?.kill());

  it('finds nothing where all is well', async () => {
    const secrets = { API_KEYS: `ops:write:${WRITE_KEY}`, EXOTEL_WEBHOOK_TOKEN: 'exotel-secret-0123456789' };
    ({ app } = await startCombined(secrets));
    const args = ['doctor', '--server', app.baseUrl, '--pod-host', 'localhost'];
    const { code, stderr, stdout } = await runSrctl(args, { SRCTL_API_KEY: WRITE_KEY });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\nkey +ok +may write\n[^]*\npod-dns +ok +localhost resolves\n/);
  });

  it('names cause and next command of what is wrong, and ends with 5', async () => {
    const tiers = { gold: { type: 'exclusive', target: 9 }, standard: { type: 'exclusive', target: 1 } };
    ({ app } = await startCombined({ TIER_CONFIG: JSON.stringify(tiers) }));
    const doctor = ['doctor', '--server', app.baseUrl];
    const { code, stdout, stderr } = await runSrctl([...doctor, '-o', 'json', '--pod-host', '{pod_name}.invalid']);
    const verdicts = JSON.parse(stdout) as { check: string; findings: { cause: string; next: string }[] }[];
    const causes = Object.fromEntries(
      verdicts.map(({ check, findings }) => [check, findings.map(({ cause }) => cause)]),
    );
    expect([code, stderr]).toEqual([5, 'error: 4 findings\n']);
    expect(causes).toMatchObject({
      key: [expect.stringContaining('the API is open')],
      pools: [expect.stringMatching(/^gold has \d of 9 pods$/)],
      webhooks: [expect.stringContaining('no provider has a secret')],
      'pod-dns': [expect.stringMatching(/^voice-agent-\d\.invalid does not resolve/)],
      leader: [],
      clock: [],
    });
    expect(verdicts.flatMap(({ findings }) => findings).every(({ next }) => next !== '')).toBe(true);

    const ignored = await runSrctl([...doctor, '--ignore', 'key', 'pools', 'webhooks']);
    expect(ignored).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nwebhooks +ignored +/) });
  });

  it('says what the key is missing', async () => {
    ({ app } = await startCombined({ API_KEYS: `ops:write:${WRITE_KEY}` }));
    const { code, stdout } = await runSrctl(['doctor', '--server', app.baseUrl, '--ignore', 'webhooks']);
    expect([code, stdout]).toEqual([
      5,
      expect.stringMatching(/\nkey +finding +the server asks for a key, and srctl has none\n/),
    ]);
  });

  it('ends with 4 where nobody answers', async () => {
    expect(await runSrctl(['doctor', '--server', 'http://127.0.0.1:1'])).toMatchObject({ code: 4, stdout: '' });
  });
});
