import type { DemoNetwork } from '../network';
import { METRICS_PORT, PUBLIC_BASE_URL } from '../product';

export interface Places {
  readonly port: number;
  readonly network: DemoNetwork;
  readonly hasPrometheus: boolean;
  readonly hasAlertmanager: boolean;
}

/** What a new user can look at, line by line. */
export function whereToLook({ hasAlertmanager, hasPrometheus, network, port }: Places): string {
  const at = (offset: number): string => `http://127.0.0.1:${port + offset}`;
  const places: (readonly [what: string, where: string])[] = [
    ['API docs', `${at(0)}/docs`],
    ['Pools and leader', `${at(0)}/api/v1/status`],
    ['Voice router', `${at(1)}, in front of ${PUBLIC_BASE_URL}`],
    ['Metrics', [0, 1].map((index) => `http://${network.pod('api', index)}:${METRICS_PORT}/metrics`).join('  ')],
    ['Prometheus', hasPrometheus ? `${at(2)}/alerts` : 'is not installed: apt-get install prometheus'],
    ['Alertmanager', hasAlertmanager ? at(3) : 'is not installed: apt-get install prometheus-alertmanager'],
    ['Redis', `redis-cli -h ${network.redis}`],
    ['Command line', `npm run -s srctl -- --server ${at(0)} status`],
    [
      'A call of yours',
      `curl -s -X POST ${at(0)}/api/v1/allocate -H 'content-type: application/json' -d '{"call_sid":"CA-1"}'`,
    ],
  ];
  return `\nSmart Router is ready.\n\n${places.map(([what, where]) => `  ${what.padEnd(18)}${where}`).join('\n')}\n`;
}
