import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LeadershipSource } from '@smart-router/fleet/nest';
import { createLogger, type Logger, rootLogger } from '@smart-router/logging';
import { type RoutingStore, StoreUnavailableError } from '@smart-router/routing-store';
import { ROUTING_STORE } from '@smart-router/routing-store/nest';
import { createApp } from '@smart-router/runtime';
import { StartupManager } from '@smart-router/startup/nest';
import { activateSettings, loadSettings } from '@smart-router/settings';
import { configureHttpApi } from '../configure-http-api';
import { HttpApiModule } from '../http-api.module';

type Json = Record<string, unknown>;

/** The headers of a form, as providers post it. */
export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The parsed body; `{}` where it is no JSON object. */
  readonly body: Json;
}

export interface TestApi {
  readonly app: NestFastifyApplication;
  readonly store: RoutingStore;
  /** The epoch under which pods were registered. */
  readonly epoch: number;
  /** Lines of the log, parsed. */
  readonly logs: Json[];
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

/** gold: 1 exclusive pod; standard: 2; basic: 1 shared pod with 2 calls; merchant:acme: 1. */
const TIERS = {
  tiers: {
    gold: { type: 'exclusive', target: 1 },
    standard: { type: 'exclusive', target: 2 },
    basic: { type: 'shared', target: 1, max_concurrent: 2 },
  },
  dedicated_pools: { acme: { type: 'exclusive', target: 1 } },
  default_chain: ['gold', 'standard', 'basic'],
};

const PODS: readonly (readonly [pod: string, pool: string])[] = [
  ['gold-0', 'gold'],
  ['standard-0', 'standard'],
  ['standard-1', 'standard'],
  ['basic-0', 'basic'],
  ['acme-0', 'merchant:acme'],
];

export interface TestApiOptions {
  /** Notified of every route that the server gets. */
  readonly onRoute?: (method: string, url: string) => void;
  readonly leadership?: LeadershipSource;
}

/** The whole API in this process, with the pods and tiers above; on the embedded store unless `env` names Redis. */
export async function startTestApi(
  env: Record<string, string> = {},
  { onRoute = () => undefined, leadership }: TestApiOptions = {},
): Promise<TestApi> {
  const logs: Json[] = [];
  const settings = loadSettings(
    {
      TIER_CONFIG: JSON.stringify(TIERS),
      VOICE_AGENT_BASE_URL: 'wss://agents.example.com',
      LOG_LEVEL: 'fatal',
      // Injected requests need no tick of the event loop, so that many of them look like a busy one.
      MAX_EVENT_LOOP_LAG: '0s',
      ...env,
    },
    'smart-router',
  );
  activateSettings(settings);
  const source = { ...settings, log: { ...settings.log, level: 'info' as const } };
  const logger = createLogger(source, { write: (line: string) => void logs.push(JSON.parse(line) as Json) });
  captureLines(rootLogger(settings).logger, logger);
  const configure = (app: NestFastifyApplication) => {
    const server = app.getHttpAdapter().getInstance();
    server.addHook('onRoute', ({ method, url }) => [method].flat().forEach((each) => onRoute(each, url)));
    configureHttpApi(app);
  };
  const app = await createApp({ module: HttpApiModule.forRoot(leadership), configure }, settings, logger);
  const manager = app.get(StartupManager, { strict: false });
  await manager.start();
  await manager.settled();
  const store = app.get<RoutingStore>(ROUTING_STORE, { strict: false });
  const epoch = await registerPods(store);
  const send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    sendTo(app, { method, path, body, headers });
  return {
    app,
    store,
    epoch,
    logs,
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    delete: (path, headers) => send('DELETE', path, undefined, headers),
    close: () => app.close(),
  };
}

/** What modules log goes where the server's own lines go. */
function captureLines(from: Logger, to: Logger): void {
  const methods = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
  Object.assign(from, Object.fromEntries(methods.map((method) => [method, to[method].bind(to)])));
}

async function registerPods(store: RoutingStore): Promise<number> {
  const epoch = await store.leadership.claimEpoch();
  await store.pods.configurePool(epoch, 'gold', { type: 'exclusive', maxConcurrent: 1 });
  await store.pods.configurePool(epoch, 'standard', { type: 'exclusive', maxConcurrent: 1 });
  await store.pods.configurePool(epoch, 'basic', { type: 'shared', maxConcurrent: 2 });
  await store.pods.configurePool(epoch, 'merchant:acme', { type: 'exclusive', maxConcurrent: 1 });
  for (const [podName, pool] of PODS) {
    await store.pods.registerPod(epoch, { podName, pool, incarnation: `${podName}-life-1`, ready: true });
  }
  return epoch;
}

interface Request {
  readonly method: string;
  readonly path: string;
  /** An object is sent as JSON, a text or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

async function sendTo(app: NestFastifyApplication, { method, path, body, headers }: Request): Promise<Answer> {
  const payload = typeof body === 'string' || Buffer.isBuffer(body) || body === undefined ? body : JSON.stringify(body);
  const response = await app
    .getHttpAdapter()
    .getInstance()
    .inject({
      method: method as 'GET',
      url: path,
      headers: { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      payload,
    });
  return { status: response.statusCode, headers: response.headers, text: response.body, body: parsed(response.body) };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

/** What requests need of the store, by port. */
const STORE_OPERATIONS = {
  calls: ['allocate', 'release', 'endCall', 'heartbeat'],
  drains: ['drain', 'undrain'],
  reader: ['fleetStats', 'fleetConditions', 'pod', 'pods', 'call', 'findCall', 'calls'],
  documents: [
    ...['readTierConfig', 'createTierConfig', 'replaceTierConfig', 'tierConfigHistory'],
    ...['readMerchantConfig', 'changeMerchantConfig', 'merchantConfigHistory', 'merchantConfigs'],
  ],
  changeLog: ['changes', 'record'],
  hints: ['publish'],
} as const;

/** From now on every operation of the store fails; as if it could not be reached, unless `failure` says otherwise. */
export function breakStore(
  store: RoutingStore,
  failure: unknown = new StoreUnavailableError(new Error('connection refused')),
): void {
  const refuse = () => Promise.reject(failure);
  Object.assign(store, { ping: refuse, probe: refuse });
  for (const [port, operations] of Object.entries(STORE_OPERATIONS)) {
    const refusals = Object.fromEntries(operations.map((operation) => [operation, refuse]));
    Object.assign(store[port as keyof typeof STORE_OPERATIONS], refusals);
  }
}

/** The calls that hold a pod, the first ten. */
export async function liveCalls(api: TestApi): Promise<string[]> {
  return (await api.store.reader.calls({ limit: 10 })).items.map((call) => call.callSid);
}
