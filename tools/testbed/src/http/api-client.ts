import type {
  AllocateRequest,
  Allocation,
  CallDetail,
  CallList,
  Drain,
  DryRun,
  ErrorBody,
  HealthDetails,
  Merchant,
  MerchantConfig,
  Pod,
  PodList,
  Release,
  StartupReport,
  Status,
  TierConfig,
  TierConfigChange,
} from './api-bodies';
import { type HttpReply, sendJson } from './http-client';

/** Whether it was answered with a body or with an error is for the test to say. */
type Reply<Body> = Promise<HttpReply<Body & ErrorBody>>;

export interface ApiClientOptions {
  /** How long an answer may take. Default 20000. */
  readonly timeoutMs?: number;
}

/** The API of one process. */
export class ApiClient {
  /** @param baseUrl `http://127.0.0.1:<port>` */
  constructor(
    readonly baseUrl: string,
    private readonly options: ApiClientOptions = {},
  ) {}

  /** @param request the call alone, or with its merchant and whatever else the test is about */
  allocate(request: string | AllocateRequest): Reply<Allocation> {
    return this.send('POST', '/allocate', typeof request === 'string' ? { call_sid: request } : request);
  }

  release(callSid: string): Reply<Release> {
    return this.send('POST', '/release', { call_sid: callSid, reason: 'completed' });
  }

  drain(podName: string): Reply<Drain> {
    return this.send('POST', '/drain', { pod_name: podName });
  }

  undrain(podName: string): Reply<Drain> {
    return this.send('POST', '/undrain', { pod_name: podName });
  }

  status(): Reply<Status> {
    return this.send('GET', '/status');
  }

  pod(podName: string): Reply<Pod> {
    return this.send('GET', `/pod/${podName}`);
  }

  pods(query = ''): Reply<PodList> {
    return this.send('GET', `/pods${query}`);
  }

  call(callSid: string): Reply<CallDetail> {
    return this.send('GET', `/calls/${callSid}`);
  }

  calls(query = ''): Reply<CallList> {
    return this.send('GET', `/calls${query}`);
  }

  heartbeat(callSid: string): Reply<{ readonly pod_name: string; readonly expires_at: string }> {
    return this.send('POST', `/calls/${callSid}/heartbeat`);
  }

  merchants(query = '?limit=500'): Reply<{ readonly items: readonly Merchant[] }> {
    return this.send('GET', `/merchants${query}`);
  }

  merchant(merchantId: string): Reply<Merchant> {
    return this.send('GET', `/merchants/${merchantId}`);
  }

  putMerchant(merchantId: string, config: MerchantConfig): Reply<Merchant> {
    return this.send('PUT', `/merchants/${merchantId}`, config);
  }

  removeMerchant(merchantId: string): Reply<{ readonly success: boolean }> {
    return this.send('DELETE', `/merchants/${merchantId}`);
  }

  tierConfig(): Reply<TierConfig> {
    return this.send('GET', '/tier-config');
  }

  putTierConfig(change: TierConfigChange): Reply<TierConfig> {
    return this.send('PUT', '/tier-config', change);
  }

  dryRunTierConfig(change: TierConfigChange): Reply<DryRun> {
    return this.send('PUT', '/tier-config?dry_run=true', change);
  }

  rollbackTierConfig(toVersion: number, version: number): Reply<TierConfig> {
    return this.send('POST', '/tier-config/rollback', { to_version: toVersion, version });
  }

  tierConfigVersions(): Reply<{ readonly items: readonly { readonly version: number }[] }> {
    return this.send('GET', '/tier-config/versions');
  }

  reconcile(): Reply<{ readonly success: boolean }> {
    return this.send('POST', '/reconcile');
  }

  /** How the components of the process have started. */
  startup(): Reply<StartupReport> {
    return this.root('GET', '/health/startup');
  }

  /** What the process depends on, for operators. */
  healthDetails(): Reply<HealthDetails> {
    return this.root('GET', '/health/details');
  }

  /** Outside of the API's prefix. */
  probe(path: '/health' | '/ready'): Reply<{ readonly status: string }> {
    return this.root('GET', path);
  }

  async isReady(): Promise<boolean> {
    return (await this.probe('/ready')).status === 200;
  }

  /** Allocates. @throws where the call gets no pod */
  async allocated(callSid: string, merchantId = ''): Promise<Allocation> {
    const { status, body } = await this.allocate({ call_sid: callSid, merchant_id: merchantId });
    if (status === 200 && body.success) return body;
    throw new Error(`${callSid} got no pod: ${status} ${JSON.stringify(body)}`);
  }

  /** Any request below `/api/v1`. */
  send<Body>(method: string, path: string, body?: unknown): Reply<Body> {
    return this.root(method, `/api/v1${path}`, body);
  }

  private root<Body>(method: string, path: string, body?: unknown): Reply<Body> {
    return sendJson(method, this.baseUrl + path, body, this.options);
  }
}
