import { Test, type TestingModule } from '@nestjs/testing';
import { activateSettings, loadSettings } from '@smart-router/settings';
import type { Provider } from '../domain/provider';
import { WebhookHandler } from '../domain/webhook-handler';
import { receivedForm } from '../testing/sample-webhooks';
import { PROVIDERS, ProvidersModule } from './providers.module';

const ENVIRONMENT = {
  TWILIO_AUTH_TOKEN: 'twilio-token',
  ACCEPT_UNVERIFIED_WEBHOOKS: 'plivo',
  NO_CAPACITY_MESSAGE: 'Nobody is free.',
  VOICE_AGENT_BASE_URL: 'wss://agents.example.com',
  LOG_LEVEL: 'fatal',
};

describe('ProvidersModule', () => {
  let module: TestingModule;

  beforeEach(async () => {
    activateSettings(loadSettings(ENVIRONMENT, 'smart-router'));
    module = await Test.createTestingModule({ imports: [ProvidersModule] }).compile();
    await module.init();
  });

  afterEach(() => module.close());

  const provider = (name: string) => {
    const found = module.get<ReadonlyMap<string, Provider>>(PROVIDERS).get(name);
    if (found === undefined) throw new Error(`no provider ${name}`);
    return found;
  };

  it('returns the spoken text of the settings when the store has no pods', async () => {
    const received = receivedForm('/x', 'CallUUID=c-1');
    const { answer, result } = await module.get(WebhookHandler).allocate(provider('plivo'), received);
    expect([result, answer.body]).toEqual(['no_capacity', expect.stringContaining('Nobody is free.')]);
  });

  it('returns a hang-up when a status callback ended the call before', async () => {
    const handler = module.get(WebhookHandler);
    await handler.status(provider('plivo'), receivedForm('/x', 'CallUUID=c-2&CallStatus=completed'));
    const { result } = await handler.allocate(provider('plivo'), receivedForm('/x', 'CallUUID=c-2'));
    expect(result).toBe('call_ended');
  });

  it('returns a refusal when a token is configured and the request is not signed', async () => {
    const { result } = await module.get(WebhookHandler).allocate(provider('twilio'), receivedForm('/x', 'CallSid=c-1'));
    expect(result).toBe('refused');
  });
});
