import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@smart-router/scheduling/testing';
import { KubeconfigFile } from './kubeconfig';

const CA = Buffer.from('authority').toString('base64');

function folderWith(user: string, server = 'https://cluster.example:6443/'): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  const text = `
apiVersion: v1
kind: Config
current-context: here
clusters: [{ name: c, cluster: { server: '${server}', certificate-authority-data: ${CA} } }]
contexts: [{ name: here, context: { cluster: c, user: u } }]
users: [{ name: u, user: ${user} }]
`;
  writeFileSync(join(folder, 'config'), text);
  writeFileSync(join(folder, 'token'), 'first\n');
  return folder;
}

function credentials(folder: string, clock = new ManualClock()): KubeconfigFile {
  return new KubeconfigFile(join(folder, 'config'), clock);
}

it('takes server, authority and token of the current context', async () => {
  const access = await credentials(folderWith('{ token: secret }')).read();
  expect(access).toMatchObject({
    baseUrl: 'https://cluster.example:6443',
    headers: { authorization: 'Bearer secret' },
  });
  expect(String(access.tls.ca)).toBe('authority');
  expect(access.agent).toBeNull();
});

it('takes name and password', async () => {
  const access = await credentials(folderWith('{ username: me, password: secret }')).read();
  expect(access.headers).toEqual({ authorization: `Basic ${Buffer.from('me:secret').toString('base64')}` });
});

it('takes an address without TLS, as kubectl does', async () => {
  const access = await credentials(folderWith('{}', 'http://127.0.0.1:8001')).read();
  expect(access.baseUrl).toBe('http://127.0.0.1:8001');
});

it('reads a token file beside the kubeconfig again when the server has refused the token', async () => {
  const folder = folderWith('{ tokenFile: token }');
  const file = credentials(folder);
  expect((await file.read()).headers).toEqual({ authorization: 'Bearer first' });
  writeFileSync(join(folder, 'token'), 'second\n');
  file.reject();
  expect((await file.read()).headers).toEqual({ authorization: 'Bearer second' });
});

it('reads everything again after a minute', async () => {
  const clock = new ManualClock();
  const folder = folderWith('{ tokenFile: token }');
  const file = credentials(folder, clock);
  await file.read();
  writeFileSync(join(folder, 'token'), 'second\n');
  await clock.advance(60_000);
  expect((await file.read()).headers).toEqual({ authorization: 'Bearer second' });
});

it('says which file is missing', async () => {
  await expect(credentials('/does/not/exist').read()).rejects.toThrow('/does/not/exist/config');
});
