import type { Logger } from '@smart-router/logging';
import type { FastifyInstance, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify';
import { annotate } from '../access-log';
import { ApiError } from '../errors/api-error';
import { authenticationEnabled, refusals, type RefusalReason } from '../http-metrics';
import { ApiKeys, type ApiKey, type Credentials, type Scope } from './api-keys';

/** Who may call a route: everybody, or who has a key of this scope. */
export type RouteAccess = 'open' | Scope;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Declared with Nest's `@RouteConfig({ access })`. */
    access?: RouteAccess;
  }

  interface FastifyRequest {
    /** The name of the key that was sent, `null` where none was asked for. */
    apiKey: string | null;
  }
}

export interface AccessOptions {
  /**
   * The keys that are in force, asked for at each request, since they may be replaced; the same list for as long as they
   * are not. Empty: every route is open, and the start says so; that never changes.
   */
  readonly keys: () => readonly ApiKey[];
  /** Recognizes the routes of the framework that are open, by their pattern; those of our own declare it themselves. */
  readonly isOpenRoute: (pattern: string) => boolean;
}

/**
 * Lets requests through by their key. What a route asks for is decided once, when it is registered; one that declares
 * nothing asks for `write`, so that nothing is open by oversight. An open route costs nothing at all, and a refused
 * request is answered before its body is read.
 */
export function installAccessControl(
  instance: FastifyInstance,
  { keys, isOpenRoute }: AccessOptions,
  logger: Logger,
): void {
  const known = knownKeys(keys);
  const checks = { read: requireScope(known, 'read'), write: requireScope(known, 'write') };
  instance.decorateRequest('apiKey', null);
  let guardsRoutes = false;
  instance.addHook('onRoute', (route) => {
    const access = route.config?.access ?? (isOpenRoute(route.url) ? 'open' : 'write');
    if (access === 'open') return;
    guardsRoutes = true;
    if (!known().isEmpty) addFirst(route, checks[access]);
  });
  instance.addHook('onReady', (done) => {
    if (guardsRoutes) report(known(), logger);
    done();
  });
}

/** Hashes the keys once, and again when others are in force. */
function knownKeys(keys: () => readonly ApiKey[]): () => ApiKeys {
  let hashed = keys();
  let known = new ApiKeys(hashed);
  return () => {
    if (keys() !== hashed) {
      hashed = keys();
      known = new ApiKeys(hashed);
    }
    return known;
  };
}

function addFirst(route: RouteOptions, check: onRequestHookHandler): void {
  route.onRequest = [check, ...[route.onRequest ?? []].flat()];
}

function report(known: ApiKeys, logger: Logger): void {
  authenticationEnabled.set(known.isEmpty ? 0 : 1);
  if (known.isEmpty) {
    logger.warn('THE API IS OPEN: no API_KEYS are set, so that everybody who reaches it may do everything');
  }
}

function requireScope(known: () => ApiKeys, scope: Scope): onRequestHookHandler {
  return (request, _reply, done) => {
    const credentials = known().identify(request.headers.authorization);
    if (credentials.kind === 'key') {
      request.apiKey = credentials.name;
      annotate(request, { api_key: credentials.name });
    }
    done(refusalOf(credentials, scope, request));
  };
}

const NO_KEY = 'unauthorized: send an API key in the header "Authorization: Bearer <secret>"';
const UNKNOWN_KEY = 'unauthorized: the API key in the header Authorization is not known';
const READ_ONLY = 'forbidden: this needs an API key of scope write, and the key that was sent has scope read';

/** @returns what the request is answered with, `undefined` where it may pass */
function refusalOf(credentials: Credentials, scope: Scope, request: FastifyRequest): ApiError | undefined {
  switch (credentials.kind) {
    case 'none':
      return refused(request, 'missing_key', unauthorized(NO_KEY, ''));
    case 'unknown':
      return refused(request, 'unknown_key', unauthorized(UNKNOWN_KEY, ', error="invalid_token"'));
    case 'key':
      if (credentials.scope === 'write' || scope === 'read') return undefined;
      return refused(
        request,
        'scope_too_small',
        new ApiError('FORBIDDEN', { text: READ_ONLY, ...challenge(', error="insufficient_scope", scope="write"') }),
      );
  }
}

function refused(request: FastifyRequest, reason: RefusalReason, error: ApiError): ApiError {
  refusals.inc({ reason });
  annotate(request, { refusal: reason });
  return error;
}

function unauthorized(text: string, problem: string): ApiError {
  return new ApiError('UNAUTHORIZED', { text, ...challenge(problem) });
}

/** RFC 6750, section 3. */
function challenge(problem: string): { headers: Record<string, string> } {
  return { headers: { 'www-authenticate': `Bearer realm="smart-router"${problem}` } };
}
