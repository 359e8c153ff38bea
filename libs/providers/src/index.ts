export * from './domain/call-operations';
export * from './domain/provider';
export * from './domain/registry';
export * from './domain/webhook-handler';
export * from './domain/webhook-outcome';
export { type ReceivedWebhook, type WebhookMethod } from './domain/webhook-request';
