import type { AppProcess, Pod } from '@smart-router/testbed';

/** `null` where the pod is not known. */
export async function podOf({ api }: AppProcess, podName: string): Promise<Pod | null> {
  const { status, body } = await api.pod(podName);
  return status === 200 ? body : null;
}

/** @returns the pod that the call got; `null` where none was free. @throws for any other answer */
export async function allocate({ api }: AppProcess, callSid: string): Promise<string | null> {
  const { status, body } = await api.allocate(callSid);
  if (status === 200) return body.pod_name;
  if (status === 503 && body.code === 'NO_PODS_AVAILABLE') return null;
  throw new Error(`allocate ${callSid}: ${status} ${JSON.stringify(body)}`);
}

/** The status of the answer: 200, or 404 where the call is not known (any more). */
export const release = async ({ api }: AppProcess, callSid: string): Promise<number> =>
  (await api.release(callSid)).status;

export const isLive = async ({ api }: AppProcess, callSid: string): Promise<boolean> =>
  (await api.call(callSid)).body.status === 'active';

/** The status of a component of the process, as `GET /health/startup` shows it. */
export const componentStatusOf = async ({ api }: AppProcess, component: string): Promise<string | undefined> =>
  (await api.startup()).body.components[component]?.status;
