import type { AppProcess } from '@smart-router/testbed';

/** Above the request deadline of the product: no answer until then is a hang. */
const ANSWER_TIMEOUT_MS = 15_000;

export interface Answer<Body = Readonly<Record<string, unknown>>> {
  readonly status: number;
  readonly body: Body;
}

/** What of `/status` these suites look at. */
export interface Status {
  readonly active_calls: number;
  readonly is_leader: boolean;
  readonly leader: { readonly identity: string; readonly epoch: number } | null;
  readonly pools: Readonly<Record<string, { readonly assigned: number; readonly available: number }>>;
  readonly tier_config_version: number;
}

export interface Pod {
  readonly pod_name: string;
  readonly status: string;
  readonly incarnation: string;
  readonly is_draining: boolean;
  readonly ready: boolean;
  readonly calls: readonly string[];
}

/** Sends one request to `/api/v1`. @throws where there is no answer at all */
export async function send<Body>(
  { baseUrl }: AppProcess,
  method: string,
  path: string,
  body?: object,
): Promise<Answer<Body>> {
  const response = await fetch(`${baseUrl}/api/v1${path}`, {
    method,
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

export const statusOf = async (app: AppProcess): Promise<Status> => (await send<Status>(app, 'GET', '/status')).body;

/** `null` where the pod is not known. */
export async function podOf(app: AppProcess, podName: string): Promise<Pod | null> {
  const { status, body } = await send<Pod>(app, 'GET', `/pod/${podName}`);
  return status === 200 ? body : null;
}

/** @returns the pod that the call got; `null` where none was free. @throws for any other answer */
export async function allocate(app: AppProcess, callSid: string): Promise<string | null> {
  const answer = await send<{ pod_name: string }>(app, 'POST', '/allocate', { call_sid: callSid });
  if (answer.status === 200) return answer.body.pod_name;
  if (answer.status === 503 && JSON.stringify(answer.body).includes('no pods available')) return null;
  throw new Error(`allocate ${callSid}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** The status of the answer: 200, or 404 where the call is not known (any more). */
export const release = async (app: AppProcess, callSid: string): Promise<number> =>
  (await send(app, 'POST', '/release', { call_sid: callSid })).status;

export const isLive = async (app: AppProcess, callSid: string): Promise<boolean> =>
  (await send<{ status?: string }>(app, 'GET', `/calls/${callSid}`)).body.status === 'active';

/** The status of a component of the process, as `GET /health/startup` shows it. */
export async function componentStatusOf(app: AppProcess, component: string): Promise<string | undefined> {
  type Report = { readonly components: Readonly<Record<string, { readonly status: string }>> };
  return (await send<Report>(app, 'GET', '/health/startup')).body.components[component]?.status;
}

/** What a process says of the cluster to operators. */
export async function clusterFactsOf(app: AppProcess): Promise<{ failing: readonly object[] }> {
  const { body } = await send<{ details: { kubernetes: { failing: readonly object[] } } }>(
    app,
    'GET',
    '/health/details',
  );
  return body.details.kubernetes;
}
