import type { ApiClient } from '@smart-router/testbed';

/** Brings a fleet back to where it started: no calls, no drains, no merchants. For use between tests. */
export async function resetFleet(api: ApiClient): Promise<void> {
  const { calls } = (await api.calls('?limit=500')).body;
  await Promise.all(calls.map(({ call_sid }) => api.release(call_sid)));
  const { pods } = (await api.pods('?limit=500&status=draining')).body;
  await Promise.all(pods.map(({ pod_name }) => api.undrain(pod_name)));
  const { items } = (await api.merchants()).body;
  await Promise.all(items.map(({ merchant_id }) => api.removeMerchant(merchant_id)));
}
