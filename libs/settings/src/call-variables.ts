import * as kinds from './kinds';
import * as wsUrls from './ws-url-kinds';
import { optional, withDefault } from './variable';

export const calls = {
  VOICE_AGENT_BASE_URL: withDefault(kinds.baseUrl('ws:', 'wss:'), 'ws://localhost:8000', {
    desc: 'Where the voice agents are reached',
    example: 'wss://voice.example.com',
  }),
  WS_URL_TEMPLATE: withDefault(wsUrls.wsUrlTemplate, '{base_url}/ws/pod/{pod_name}/{call_sid}', {
    desc: 'Address that a call is sent to',
    example: '{base_url}/ws/pod/{pod_name}/{call_sid}',
  }),
  WS_URL_TEMPLATES: optional(wsUrls.wsUrlTemplates, {
    desc: 'Addresses of calls whose flow has one of its own, by flow; calls of all other flows are sent to `WS_URL_TEMPLATE`',
    example: '{"v2":"{base_url}/ws/pod/{pod_name}/{provider}/callback/{template}/v2"}',
  }),
  WS_URL_DEFAULTS: optional(wsUrls.wsUrlDefaults, {
    desc: 'What stands in the address where the caller left it out',
    example: 'flow=v2,template=order-confirmation',
  }),
  WS_URL_PARAMETERS: optional(wsUrls.wsUrlParameters, {
    desc: 'Parameters of the stream beside the address, for Twilio, which drops the query of an address: `<Parameter>` elements',
    example: 'pod={pod_name},merchant={merchant_id}',
  }),
  WEBHOOK_PREFIX: withDefault(kinds.urlPath, '/agent/voice/breeze-buddy', {
    desc: 'Begins the public webhook paths `{prefix}/{provider}/callback/{template}`',
    example: '/webhooks',
  }),
  PUBLIC_BASE_URL: optional(kinds.baseUrl('http:', 'https:'), {
    desc: 'How providers reach this service; webhook signatures are checked against it',
    example: 'https://calls.example.com',
  }),
  TRUST_FORWARDED_HEADERS: withDefault(kinds.bool, 'false', {
    desc: 'Whether `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix`, or `Forwarded`, name the public address; where `TRUSTED_PROXIES` is set, only those of these proxies',
    example: 'true',
  }),
  TWILIO_AUTH_TOKEN: optional(kinds.textList, {
    desc: 'Checks Twilio signatures; several while a token is rotated',
    example: 'new-token,old-token',
    secret: true,
  }),
  PLIVO_AUTH_TOKEN: optional(kinds.textList, {
    desc: 'Checks Plivo signatures; several while a token is rotated',
    example: 'new-token,old-token',
    secret: true,
  }),
  PLIVO_ACCEPT_V2: withDefault(kinds.bool, 'false', {
    desc: 'Whether the older V2 signature, which does not cover the parameters, is accepted too',
    example: 'true',
  }),
  STRICT_CALL_IDS: withDefault(kinds.bool, 'true', {
    desc: 'Whether signed webhooks must name calls and accounts as Twilio (`CA…`, `AC…`) and Plivo (a UUID) do; `false` for compatible providers with other ids',
    example: 'false',
  }),
  EXOTEL_WEBHOOK_TOKEN: optional(kinds.secretLines, {
    desc: 'Password (Basic) or `token` query value of Exotel webhooks; several while a token is rotated, one a line',
    example: 'a-long-random-text',
    secret: true,
  }),
  ACCEPT_UNVERIFIED_WEBHOOKS: optional(kinds.providers, {
    desc: 'Providers without a secret whose webhooks are taken from anybody; those of the others are refused. If unset: `true` (all), but `false` (none) as soon as any provider has a secret, and where `NODE_ENV` is `production`',
    example: 'exotel',
  }),
  ALLOW_UNVERIFIED_WEBHOOKS_IN_PRODUCTION: withDefault(kinds.bool, 'false', {
    desc: 'Must be `true`, too, where `ACCEPT_UNVERIFIED_WEBHOOKS` is anything but `false` under `NODE_ENV=production`',
    example: 'false',
  }),
  WEBHOOK_STORE_DOWN: withDefault(kinds.oneOf('speak', '503'), 'speak', {
    desc: 'What Twilio and Plivo get where the store is away: `speak`: a sentence and a hang-up; `503`: an error (502 or 504), so that they ask their fallback address',
    example: '503',
  }),
  UNKNOWN_ENDS_PER_PROVIDER: withDefault(kinds.count, '20000', {
    desc: 'Ends of calls that were never met which each provider may report within `ENDED_CALL_TTL`; no more than twice as many are remembered, and further ones are refused',
    example: '20000',
  }),
  UNKNOWN_ENDS_PER_ADDRESS: withDefault(kinds.countOrZero, '600', {
    desc: 'The same for each address that reports for a provider without a secret, within `RATE_LIMIT_WINDOW`, at each process; 0: no limit',
    example: '600',
  }),
  NO_CAPACITY_MESSAGE: withDefault(
    kinds.anyText,
    'All our agents are busy right now. Please call again in a few minutes.',
    {
      desc: 'Spoken when no pod is free',
      example: 'All agents are busy. Please call again later.',
    },
  ),
  FAILURE_MESSAGE: withDefault(
    kinds.anyText,
    'We cannot take your call right now. Please call again in a few minutes.',
    {
      desc: 'Spoken when something is wrong here',
      example: 'We cannot take your call right now.',
    },
  ),
};
