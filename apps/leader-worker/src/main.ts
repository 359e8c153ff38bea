import { staticPodsCheck } from '@smart-router/pool-manager';
import { startApp } from '@smart-router/runtime';
import { tierConfigCheck } from '@smart-router/tier-config';
import { LeaderWorkerModule } from './leader-worker.module';

/** Leader work only: no routes but those for health and metrics. */
await startApp({
  name: 'leader-worker',
  module: LeaderWorkerModule,
  settingChecks: [tierConfigCheck, staticPodsCheck],
});
