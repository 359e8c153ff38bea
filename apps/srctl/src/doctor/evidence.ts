import { answerOf, type ApiClient, RefusedError, type Schemas, UnreachableError } from '@smart-router/api-client';
import { lookup } from 'node:dns/promises';
import { type Metrics, readMetrics } from './metrics-text';

export type Status = Schemas['StatusResponse'];

/** What the key may do; `refused`: the server does not know it, `none`: there is none and the server asks for one. */
export type KeyScope = 'write' | 'read' | 'none' | 'refused';

/** What a component of `/health/details` says of itself. */
interface ComponentHealth {
  readonly status: string;
  readonly warnings?: readonly string[];
}

/** A name of a pod that was looked up. */
interface PodAddress {
  readonly host: string;
  /** `null`: it resolves. */
  readonly problem: string | null;
}

/** All that the checks look at. `null`: it could not be seen. */
export interface Evidence {
  /** From several connections, so that a load balancer answers by several replicas; empty without a key. */
  readonly statuses: readonly Status[];
  /** Why the process is not ready. */
  readonly notReady: string | null;
  readonly components: Readonly<Record<string, ComponentHealth>>;
  readonly metrics: Metrics;
  readonly keyScope: KeyScope;
  /** How far the clock of the server is ahead of ours, in ms. */
  readonly clockAheadMs: number | null;
  readonly podAddress: PodAddress | null;
}

interface EvidenceOptions {
  readonly hasKey: boolean;
  /** The host name of a pod, with `{pod_name}` in it; left out: none is looked up. */
  readonly podHost?: string;
}

/** As many as make it likely that each of a few replicas answers once. */
const LOOKS = 6;

/** @throws `UnreachableError` where no Smart Router answers */
export async function gatherEvidence(api: ApiClient, { hasKey, podHost }: EvidenceOptions): Promise<Evidence> {
  const clock = await readClock(api);
  const [looks, notReady, components, metrics, keyScope] = await Promise.all([
    Promise.all(Array.from({ length: LOOKS }, () => unlessRefused(answerOf(api.GET('/api/v1/status'))))),
    readReadiness(api),
    readComponents(api),
    unlessRefused(answerOf(api.GET('/api/v1/metrics', { parseAs: 'text' }))),
    readScope(api, hasKey),
  ]);
  return {
    statuses: looks.filter((look) => look !== null),
    notReady,
    components,
    metrics: readMetrics(metrics ?? ''),
    keyScope,
    clockAheadMs: clock,
    podAddress: podHost === undefined ? null : await lookUp(api, podHost),
  };
}

/** @returns `null` where the server answers and refuses */
async function unlessRefused<Value>(request: Promise<Value>): Promise<Value | null> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof RefusedError) return null;
    throw error;
  }
}

/** The header has whole seconds: its middle is compared with the middle of the request. */
async function readClock(api: ApiClient): Promise<number | null> {
  const sentAt = Date.now();
  const { response } = await api.GET('/api/v1/health');
  const date = response.headers.get('date');
  return date === null ? null : Date.parse(date) + 500 - (sentAt + Date.now()) / 2;
}

async function readReadiness(api: ApiClient): Promise<string | null> {
  try {
    await answerOf(api.GET('/api/v1/ready'));
    return null;
  } catch (error) {
    if (error instanceof RefusedError) return `${error.message} (${error.code})`;
    throw error;
  }
}

/** A process that is not healthy answers with 503 and the same body. */
async function readComponents(api: ApiClient): Promise<Evidence['components']> {
  try {
    return (await answerOf(api.GET('/api/v1/health/details'))).details;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return (error.body as { details?: Evidence['components'] }).details ?? {};
  }
}

/** Asks for a release without a call: whoever may write hears that the call is missing, and nothing is done. */
async function readScope(api: ApiClient, hasKey: boolean): Promise<KeyScope> {
  try {
    await api.POST('/api/v1/release', { body: { call_sid: '' } });
    return 'write';
  } catch (error) {
    if (error instanceof UnreachableError) throw error;
    const { status } = error as RefusedError;
    if (status === 401) return hasKey ? 'refused' : 'none';
    return status === 403 ? 'read' : 'write';
  }
}

async function lookUp(api: ApiClient, podHost: string): Promise<PodAddress | null> {
  const params = { query: { limit: 1 } };
  const pod = (await unlessRefused(answerOf(api.GET('/api/v1/pods', { params }))))?.items[0];
  if (pod === undefined) return null;
  const host = podHost.replaceAll('{pod_name}', pod.pod_name);
  const problem = await lookup(host).then(
    () => null,
    (error: Error) => error.message,
  );
  return { host, problem };
}
