import { type ApiClient, type AppProcess, sendForm } from '@smart-router/testbed';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCombined } from './fleet/fleet';
import { twilioStream } from './webhooks/provider-documents';
import { callIdFor, signedByTwilio, TWILIO_ACCOUNT } from './webhooks/signed-webhooks';

const WS_URL_TEMPLATE = '{base_url}/{provider}/{flow}/{template}/{merchant_id}/{pod_name}/{call_sid}';
const WS_URL_TEMPLATES = '{"v2":"{base_url}/{pod_name}/{template}/v2"}';
const BASE_URL = 'wss://media.example.com/voice';
const PUBLIC_BASE_URL = 'https://calls.example.com/router';
const TOKEN = 'token-of-a-file';

describe('addresses as an operator sets them', () => {
  let folder: string;
  let app: AppProcess;
  let api: ApiClient;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'smart-router-secrets-'));
    await writeFile(join(folder, 'twilio'), `${TOKEN}\n`);
    ({ app, api } = await startCombined({
      WS_URL_TEMPLATE,
      WS_URL_TEMPLATES,
      WS_URL_DEFAULTS: 'template=order-confirmation',
      WS_URL_PARAMETERS: 'pod={pod_name},who={merchant_id}',
      VOICE_AGENT_BASE_URL: `${BASE_URL}/`,
      WEBHOOK_PREFIX: '/hooks/v2/',
      PUBLIC_BASE_URL,
      TWILIO_AUTH_TOKEN_FILE: join(folder, 'twilio'),
    }));
  });

  afterAll(async () => {
    await app?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const sendSigned = (path: string, call: string) => {
    const form = { ...TWILIO_ACCOUNT, CallSid: callIdFor('twilio', call) };
    return sendForm(app.baseUrl + path, form, signedByTwilio(TOKEN, PUBLIC_BASE_URL + path, form));
  };

  it('are filled with what a webhook says, and escaped in its document', async () => {
    const path = '/hooks/v2/twilio/callback/welcome?merchant_id=acme&flow=in';
    const { status, text } = await sendSigned(path, 'filled-1');
    const call = callIdFor('twilio', 'filled-1');
    const { pod_name } = (await api.call(call)).body;
    const url = `${BASE_URL}/twilio/in/welcome/acme/${pod_name}/${call}`;
    expect({ status, text }).toEqual({ status: 200, text: twilioStream(url, { pod: pod_name, who: 'acme' }) });
  });

  it('are those of the flow, with the default for a template that is not named', async () => {
    const { text } = await sendSigned('/hooks/v2/twilio/callback?flow=v2', 'flow-1');
    const { pod_name } = (await api.call(callIdFor('twilio', 'flow-1'))).body;
    expect(text).toBe(twilioStream(`${BASE_URL}/${pod_name}/order-confirmation/v2`, { pod: pod_name }));
  });

  it('keep an empty place for what is not said', async () => {
    const { pod_name, ws_url } = await api.allocated('filled-2');
    expect(ws_url).toBe(`${BASE_URL}///order-confirmation//${pod_name}/filled-2`);
  });

  it('are percent-encoded wherever a client may write what it likes', async () => {
    const request = { call_sid: 'filled-3', provider: 'a/b', flow: '?x=1&y', template: 'grüße 📞', merchant_id: 'a:b' };
    const { body } = await api.allocate(request);
    const parts = ['a%2Fb', '%3Fx%3D1%26y', 'gr%C3%BC%C3%9Fe%20%F0%9F%93%9E', 'a%3Ab'];
    expect(body.ws_url).toBe(`${BASE_URL}/${parts.join('/')}/${body.pod_name}/filled-3`);
  });

  it('are served at the prefix that is set, and not at the one that is not', async () => {
    expect((await sendSigned('/hooks/v2/twilio/callback', 'prefix-1')).status).toBe(200);
    expect((await sendSigned('/agent/voice/breeze-buddy/twilio/callback/welcome', 'prefix-2')).status).toBe(404);
    expect((await sendSigned('/api/v1/twilio/allocate', 'prefix-3')).status).toBe(200);
  });

  it('are of no use without the secret of the file', async () => {
    expect((await sendForm(`${app.baseUrl}/hooks/v2/twilio/callback`, { CallSid: 'forged-1' })).status).toBe(403);
  });
});
