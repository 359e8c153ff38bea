import { counter } from '@smart-router/metrics';

/** @returns counts a content of the file of static pods that was not taken over */
export function podFileMetrics(): () => void {
  const rejected = counter({
    name: 'smart_router_pod_file_rejections_total',
    help: 'Contents of the file of static pods that were not valid, so that the last names stayed',
  });
  rejected.inc(0);
  return () => rejected.inc();
}
