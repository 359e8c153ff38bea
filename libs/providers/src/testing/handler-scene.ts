import type { Allocation } from '@smart-router/allocator';
import { systemClock } from '@smart-router/scheduling';
import { AddressLimit } from '../domain/address-limit';
import type { CallOperations } from '../domain/call-operations';
import type { Provider } from '../domain/provider';
import { createProviders } from '../domain/registry';
import { WebhookHandler, type WebhookHandlerOptions } from '../domain/webhook-handler';
import { PUBLIC_BASE_URL, receivedForm, sampleSettings } from './sample-webhooks';

export const ALLOCATED = {
  kind: 'allocated',
  podName: 'p-1',
  wsUrl: 'wss://agents.example.com/ws/pod/p-1/c-1',
  parameters: {},
  sourcePool: 'pool:standard',
  wasExisting: false,
  allocatedAt: 1_767_225_600,
} as const satisfies Allocation;

export const RELEASED = {
  kind: 'released',
  podName: 'p-1',
  releasedToPool: 'pool:standard',
  wasDraining: false,
} as const;

export const STORE_DOWN = Object.assign(new Error('ECONNREFUSED 10.0.0.7:6379'), { code: 'STORE_UNAVAILABLE' });

interface Scene {
  readonly allocate?: CallOperations['allocate'];
  readonly endCall?: CallOperations['endCall'];
  readonly settings?: Parameters<typeof sampleSettings>[0];
  readonly deadlineMs?: number;
  readonly storeDown?: WebhookHandlerOptions['storeDown'];
  readonly acceptUnverified?: WebhookHandlerOptions['acceptUnverified'];
  /** Calls that wait for their end in the background. */
  readonly pending?: readonly string[];
}

/** A handler on a small fake of the core that writes down what it was asked. */
export function scene({
  allocate,
  endCall,
  settings,
  deadlineMs = 60_000,
  acceptUnverified = 'all',
  storeDown = 'speak',
  pending = [],
}: Scene = {}) {
  const toEnd: string[] = [];
  const asked: unknown[] = [];
  const observed: string[] = [];
  const core: CallOperations = {
    allocate: (call) => {
      asked.push(call);
      return allocate?.(call) ?? Promise.resolve(ALLOCATED);
    },
    endCall: (call) => {
      asked.push(call);
      return endCall?.(call) ?? Promise.resolve(RELEASED);
    },
  };
  const handler = new WebhookHandler(
    core,
    {
      add: ({ callSid }) => void toEnd.push(callSid),
      isPending: (_provider, callSid) => pending.includes(callSid),
    },
    {
      answered: (provider, result) => observed.push(`${provider} ${result}`),
      refused: (provider, reason) => observed.push(`${provider} refused: ${reason}`),
    },
    {
      publicUrl: { publicBaseUrl: PUBLIC_BASE_URL, trustForwarded: false },
      ...{ deadlineMs, clock: systemClock, acceptUnverified, storeDown, maxUnknownEnds: 9 },
      unknownEnds: new AddressLimit({ max: 2, windowMs: 60_000, now: () => 0 }),
    },
  );
  const providers = createProviders(sampleSettings(settings));
  const provider = (name: string): Provider => {
    const found = providers.get(name);
    if (found === undefined) throw new Error(`no provider ${name}`);
    return found;
  };
  return { handler, provider, asked, observed, toEnd };
}

export const CALL_ID_FIELD: Record<string, string> = { twilio: 'CallSid', plivo: 'CallUUID', exotel: 'CallSid' };

export const callFrom = (provider: string, more = '') =>
  receivedForm('/x?merchant_id=acme&flow=sales', `${CALL_ID_FIELD[provider]}=c-1${more}`, { pathTemplate: 'order' });

export const EACH_PROVIDER = ['twilio', 'plivo', 'exotel'];
