import rateLimit, { type RateLimitOptions } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler, RouteOptions } from 'fastify';
import { clientAddressOf } from '../client-address';
import { ApiError } from '../errors/api-error';
import { rateLimitedRequests, type RateLimitName } from '../http-metrics';
import { isExempt, reject } from './rejection';

/** How many requests each sender may make within a window. Each process counts for itself; 0: as many as it likes. */
export interface RateLimits {
  readonly windowMs: number;
  readonly perApiKey: number;
  readonly perAddress: number;
  /** Webhooks that ask for a pod. */
  readonly webhooksPerAddress: number;
}

/** Senders that each limit remembers, so that many of them cannot fill the memory. */
const MAX_SENDERS = 10_000;

/**
 * Rejects requests that are more than their sender may make. The plugin counts; the answer is ours, in the one
 * shape of errors or by the handler. Addresses are counted before a key is looked at, so that guessing is limited, too,
 * except on routes that are exempt: the right key is served there whatever went before, so counting would
 * stop nobody who guesses. A route without a limit gets no hook. Call it after `installAccessControl`, which finds out whose key it is.
 */
export async function installRateLimits(
  instance: FastifyInstance,
  limits: RateLimits,
  isProbe: (pattern: string) => boolean,
): Promise<void> {
  if (Math.max(limits.perApiKey, limits.perAddress, limits.webhooksPerAddress) === 0) return;
  await instance.register(rateLimit, { global: false });
  const shared = { timeWindow: limits.windowMs, cache: MAX_SENDERS };
  const byAddress = { ...shared, keyGenerator: clientAddressOf };
  const ofApi = [limitHook(instance, 'api_address', { ...byAddress, max: limits.perAddress })];
  const ofWebhooks = [limitHook(instance, 'webhook_address', { ...byAddress, max: limits.webhooksPerAddress })];
  const ofKeys = [limitHook(instance, 'api_key', { ...shared, max: limits.perApiKey, keyGenerator: apiKeyOf })];
  instance.addHook('onRoute', (route) => {
    if (isExempt(route, isProbe)) return;
    if (route.config?.reject === 'by-handler') addHooks(route, ofWebhooks, []);
    else addHooks(route, ofApi, ofKeys);
  });
}

type Hooks = readonly (onRequestAsyncHookHandler | undefined)[];

function addHooks(route: RouteOptions, before: Hooks, after: Hooks): void {
  const hooks = [...before, ...[route.onRequest ?? []].flat(), ...after];
  route.onRequest = hooks.filter((hook) => hook !== undefined) as onRequestAsyncHookHandler[];
}

/** Where the API asks for no key there is none. */
function apiKeyOf(request: FastifyRequest): string {
  return request.apiKey ?? '';
}

/** @returns `undefined` where there is no limit */
function limitHook(
  instance: FastifyInstance,
  limit: RateLimitName,
  options: RateLimitOptions & { readonly max: number },
): onRequestAsyncHookHandler | undefined {
  if (options.max === 0) return undefined;
  const count = instance.createRateLimit(options);
  return async (request) => {
    if (limit === 'api_key' && request.apiKey === null) return;
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    rateLimitedRequests.inc({ limit });
    const headers = { 'retry-after': String(Math.max(1, counted.ttlInSeconds)) };
    reject(request, new ApiError('RATE_LIMITED', { headers }));
  };
}
