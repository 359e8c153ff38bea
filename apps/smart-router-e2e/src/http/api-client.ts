import type {
  AllocateRequest,
  Allocation,
  CallDetail,
  CallList,
  Drain,
  DryRun,
  ErrorBody,
  Merchant,
  MerchantConfig,
  Pod,
  PodList,
  Release,
  Status,
  TierConfig,
  TierConfigChange,
} from './api-bodies';
import { type HttpReply, sendJson } from './http-client';

/** Whether it was answered with a body or with an error is for the test to say. */
type Reply<Body> = Promise<HttpReply<Body & ErrorBody>>;

/** The API of one process. */
export class ApiClient {
  /** @param baseUrl `http://127.0.0.1:<port>` */
  constructor(readonly baseUrl: string) {}

  allocate(request: AllocateRequest): Reply<Allocation> {
    return this.send('POST', '/allocate', request);
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

  /** Outside of the API's prefix. */
  probe(path: '/health' | '/ready'): Reply<{ readonly status: string }> {
    return sendJson('GET', this.baseUrl + path);
  }

  /** Allocates, and expects a pod. */
  async allocated(callSid: string, merchantId = ''): Promise<Allocation> {
    const { status, body } = await this.allocate({ call_sid: callSid, merchant_id: merchantId });
    expect({ status, body }).toMatchObject({ status: 200, body: { success: true } });
    return body;
  }

  private send<Body>(method: string, path: string, body?: unknown): Reply<Body> {
    return sendJson(method, `${this.baseUrl}/api/v1${path}`, body);
  }
}
