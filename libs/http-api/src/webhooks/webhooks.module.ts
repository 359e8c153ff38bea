import { type DynamicModule, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { ROUTES } from '@nestjs/core/router/router-module.js';
import type { Logger } from '@smart-router/logging';
import { LOGGER, LoggingModule } from '@smart-router/logging/nest';
import { type Provider, WebhookHandler } from '@smart-router/providers';
import { PROVIDERS, ProvidersModule } from '@smart-router/providers/nest';
import type { Settings } from '@smart-router/settings';
import { SETTINGS, SettingsModule } from '@smart-router/settings/nest';
import { PublicWebhooksController } from './public-webhooks.controller';
import { reportUnverified } from './report-unverified';
import { WebhookResponder } from './webhook-responder';
import { WebhooksController } from './webhooks.controller';

@Module({
  imports: [ProvidersModule, LoggingModule, SettingsModule],
  providers: [
    {
      provide: WebhookResponder,
      inject: [PROVIDERS, WebhookHandler, LOGGER, SETTINGS],
      useFactory: (
        providers: ReadonlyMap<string, Provider>,
        handler: WebhookHandler,
        logger: Logger,
        { http }: Settings,
      ) => new WebhookResponder(providers, handler, logger, http.trustedProxies),
    },
  ],
  controllers: [WebhooksController],
  exports: [WebhookResponder],
})
export class WebhooksModule implements OnModuleInit {
  constructor(
    @Inject(PROVIDERS) private readonly providers: ReadonlyMap<string, Provider>,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    reportUnverified(this.providers.values(), this.settings.webhooks, this.logger);
  }
}

/** Apart from the rest, since its routes begin with the webhook prefix. */
@Module({ imports: [WebhooksModule], controllers: [PublicWebhooksController] })
export class PublicWebhooksModule {}

/** `RouterModule.register`, but for a prefix that is a setting and so is not known before the modules are built. */
export const webhookPrefixModule: DynamicModule = {
  module: RouterModule,
  imports: [SettingsModule],
  providers: [
    {
      provide: ROUTES,
      inject: [SETTINGS],
      useFactory: ({ webhooks }: Settings) => [{ path: webhooks.prefix, module: PublicWebhooksModule }],
    },
  ],
};
