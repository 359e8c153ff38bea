import { configureHttpApi } from '@smart-router/http-api';
import { staticPodsCheck } from '@smart-router/pool-manager';
import { startApp } from '@smart-router/runtime';
import { tierConfigCheck } from '@smart-router/tier-config';
import { SmartRouterModule } from './smart-router.module';

/** API and leader work in one process: the way to run it without Redis, and the simplest one with it. */
await startApp({
  name: 'smart-router',
  module: SmartRouterModule,
  configure: configureHttpApi,
  settingChecks: [tierConfigCheck, staticPodsCheck],
});
