import { configureHttpApi, HttpApiModule } from '@smart-router/http-api';
import { startApp } from '@smart-router/runtime';
import { tierConfigCheck } from '@smart-router/tier-config';

/** HTTP only: any number of replicas. Pool membership is the leader worker's business. */
await startApp({
  name: 'api',
  module: HttpApiModule.forRoot(),
  configure: configureHttpApi,
  settingChecks: [tierConfigCheck],
});
