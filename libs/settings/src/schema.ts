import type { CleanedEnv } from 'envalid';
import { calls } from './call-variables';
import { kubernetes, pools } from './pool-variables';
import { access, logs, server } from './server-variables';
import { startup } from './startup-variables';
import { store } from './store-variables';
import { tracing } from './tracing-variables';
import type { Documentation } from './variable';

/** All environment variables: here, and in the files of their sections, is the one place that names them. */
export const SCHEMA = {
  ...server,
  ...access,
  ...logs,
  ...tracing,
  ...store,
  ...pools,
  ...kubernetes,
  ...calls,
  ...startup,
};

/** The same in the order of the documentation. */
export const SECTIONS: readonly {
  readonly title: string;
  readonly variables: Readonly<Record<string, Documentation>>;
}[] = [
  { title: 'Servers', variables: server },
  { title: 'Access and limits', variables: access },
  { title: 'Logs', variables: logs },
  { title: 'Traces', variables: tracing },
  { title: 'Store', variables: store },
  { title: 'Tiers, pods and the leader', variables: pools },
  { title: 'Kubernetes', variables: kubernetes },
  { title: 'Calls and webhooks', variables: calls },
  { title: 'Start-up', variables: startup },
];

export type VariableName = keyof typeof SCHEMA;
export type Values = Pick<CleanedEnv<typeof SCHEMA>, VariableName>;
