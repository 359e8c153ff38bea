import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiExtension,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiSecurity,
  getSchemaPath,
} from '@nestjs/swagger';
import {
  ERROR_CODES,
  type ErrorCode,
  fieldNames,
  type RouteAccess,
  type Scope,
  statusesOf,
  type RejectionMode,
} from '@smart-router/http';
import { ApiConditions, type ConditionalUse, ETAG_HEADER } from './api-conditions';
import { ErrorResponse } from './error-body.dto';

/** Errors of every route with a JSON body. */
export const BODY_ERRORS: readonly ErrorCode[] = [
  'INVALID_BODY',
  'INVALID_FIELD',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
];

/** Errors of every route that asks the store. */
export const STORE_ERRORS = [
  'STORE_UNAVAILABLE',
  'STORE_RECOVERING',
  'WRONG_STORE',
  'STORE_DAMAGED',
  'DEADLINE_EXCEEDED',
] as const satisfies readonly ErrorCode[];

/** How a route is served, apart from what it does. */
interface RouteTraits {
  /** Called for every call: its method takes `(request, reply)` and goes without pipes and guards. */
  readonly hot?: boolean;
  /** Bounds its time itself, as it may wait for longer than the deadline of requests. */
  readonly ownDeadline?: boolean;
  /** What becomes of a request that is one too many; left out: it is answered with 429 or 503. */
  readonly reject?: RejectionMode;
}

interface RouteDocs extends RouteTraits {
  /** Stable: clients are generated from it. */
  readonly id: string;
  /** Which API key the route asks for. */
  readonly scope: Scope;
  readonly summary: string;
  readonly description: string;
  readonly answer: Type<unknown> | { readonly anyOf: readonly Type<unknown>[] };
  readonly answerText: string;
  readonly errors: readonly ErrorCode[];
  /** Declares the query parameters; left out: there are none. Any other one is refused. */
  readonly query?: new () => object;
  /** The text of an INVALID_FIELD answer of this route. */
  readonly fieldError?: string;
  /** Which of the headers `If-Match` and `If-None-Match` mean something here: `read` answers with an ETag. */
  readonly conditional?: ConditionalUse;
  /** What the example of an error has beside text and code. */
  readonly errorDetails?: ErrorDetails;
}

type ErrorDetails = Readonly<Partial<Record<ErrorCode, Pick<ErrorResponse, 'reason' | 'chain'>>>>;

/** Describes a JSON route whose success is a 200, with all its answers. */
export function ApiRoute(docs: RouteDocs): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    ApiOperation({ operationId: docs.id, summary: docs.summary, description: docs.description }),
    okResponse(docs),
    ...(docs.conditional === undefined ? [] : [ApiConditions(docs.conditional)]),
    ApiAccess(docs.scope, docs, docs.query === undefined ? [] : fieldNames(docs.query)),
    ApiErrors(
      [
        ...ACCESS_ERRORS[docs.scope],
        'INVALID_FIELD',
        ...docs.errors,
        ...conditionErrors(docs),
        ...limitErrors(docs),
        'INTERNAL',
      ],
      docs.fieldError,
      docs.errorDetails,
    ),
  );
}

const ACCESS_ERRORS: Readonly<Record<Scope, readonly ErrorCode[]>> = {
  read: ['UNAUTHORIZED'],
  write: ['UNAUTHORIZED', 'FORBIDDEN'],
};

function limitErrors({ reject }: RouteDocs): readonly ErrorCode[] {
  return reject === undefined ? ['RATE_LIMITED', 'OVERLOADED'] : [];
}

function conditionErrors({ conditional }: RouteDocs): readonly ErrorCode[] {
  return conditional === undefined ? [] : ['PRECONDITION_FAILED'];
}

/** The name of the one security scheme in the OpenAPI document. */
export const API_KEY_SCHEME = 'apiKey';

/** A bearer scheme has no scopes of its own, so that the one that a key needs is said beside it. */
function apiSecurity(access: RouteAccess): MethodDecorator {
  if (access === 'open') return () => undefined;
  return applyDecorators(ApiSecurity(API_KEY_SCHEME), ApiExtension('x-required-scope', access));
}

/**
 * Says who may call a route, to the server and to the reader. Without it a route asks for `write`.
 * @param queryNames the query parameters that the route knows; left out: any is let through
 */
export function ApiAccess(
  access: RouteAccess,
  traits: RouteTraits = {},
  queryNames?: readonly string[],
): MethodDecorator {
  const { hot = false, ownDeadline = false, reject } = traits;
  const config: MethodDecorator = (target, name, descriptor) => {
    const direct = { controller: target.constructor as Type, method: String(name) };
    const kind = { ...(hot && { direct }), ...(ownDeadline && { ownDeadline }), ...(reject && { reject }) };
    return RouteConfig({ access, ...(queryNames && { queryNames }), ...kind })(target, name, descriptor);
  };
  return applyDecorators(config, apiSecurity(access));
}

function okResponse({ answer, answerText, conditional }: RouteDocs): MethodDecorator {
  const headers = conditional === 'read' ? { headers: ETAG_HEADER } : {};
  if (!('anyOf' in answer)) return ApiOkResponse({ type: answer, description: answerText, ...headers });
  const anyOf = answer.anyOf.map((model) => ({ $ref: getSchemaPath(model) }));
  return applyDecorators(
    ApiExtraModels(...answer.anyOf),
    ApiOkResponse({ schema: { anyOf }, description: answerText }),
  );
}

/** What every route may answer that says nothing else of its fields. */
const UNKNOWN_PARAMETER = 'unknown query parameter "dryrun": there is none here';

/** One response per status, with an example per code. */
export function ApiErrors(
  listed: readonly ErrorCode[],
  fieldError = UNKNOWN_PARAMETER,
  details: ErrorDetails = {},
): MethodDecorator {
  const codes = [...new Set(listed)];
  const statuses = [...new Set(codes.flatMap(statusesOf))];
  const responses = statuses.map((status) => {
    const grouped = codes.filter((code) => statusesOf(code).includes(status));
    const examples = grouped.map((code) => [code, errorExample(code, fieldError, details)] as const);
    return errorResponse(status, grouped, Object.fromEntries(examples));
  });
  return applyDecorators(ApiExtraModels(ErrorResponse), ...responses);
}

function errorResponse(
  status: number,
  codes: readonly ErrorCode[],
  examples: Record<string, ErrorExample>,
): MethodDecorator {
  const retried = codes.some((code) => 'retryAfterSeconds' in ERROR_CODES[code]);
  return ApiResponse({
    status,
    description: codes.map((code) => `\`${code}\``).join(', '),
    ...(retried && { headers: RETRY_AFTER }),
    content: {
      'application/json': {
        schema: { $ref: getSchemaPath(ErrorResponse) },
        examples,
      },
    },
  });
}

const RETRY_AFTER = {
  'Retry-After': {
    description: 'After how many seconds a repetition has a chance.',
    schema: { type: 'integer', example: 1 },
  },
} as const;

interface ErrorExample {
  readonly summary: string;
  readonly value: ErrorResponse;
}

function errorExample(code: ErrorCode, fieldError: string, details: ErrorDetails): ErrorExample {
  const error = code === 'INVALID_FIELD' ? fieldError : ERROR_CODES[code].text;
  const value = { error, code, request_id: '1c9e3a1e-57ac-4c41-a2f4-d5d6c8f5b1aa', ...details[code] };
  return { summary: error, value };
}
