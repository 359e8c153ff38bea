import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceAccount } from './service-account';

function mountedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'service-account-'));
  writeFileSync(join(folder, 'token'), 'first\n');
  writeFileSync(join(folder, 'ca.crt'), 'authority');
  return folder;
}

it('reaches the API server over TLS with the token of the pod', async () => {
  const account = new ServiceAccount({ host: '10.96.0.1', port: 443 }, mountedFolder());
  expect(await account.read()).toEqual({
    baseUrl: 'https://10.96.0.1:443',
    headers: { authorization: 'Bearer first' },
    tls: { ca: 'authority' },
    agent: null,
  });
});

it('puts an IPv6 address in brackets', async () => {
  const account = new ServiceAccount({ host: 'fd00::1', port: 443 }, mountedFolder());
  expect((await account.read()).baseUrl).toBe('https://[fd00::1]:443');
});

it('takes a replaced token at once', async () => {
  const folder = mountedFolder();
  const account = new ServiceAccount({ host: '10.96.0.1', port: 443 }, folder);
  await account.read();
  writeFileSync(join(folder, 'token'), 'second\n');
  expect((await account.read()).headers).toEqual({ authorization: 'Bearer second' });
});

it.each(['token', 'ca.crt'])('says that the file %s is missing', async (name) => {
  const folder = mountedFolder();
  rmSync(join(folder, name));
  const account = new ServiceAccount({ host: '10.96.0.1', port: 443 }, folder);
  await expect(account.read()).rejects.toThrow(join(folder, name));
});
