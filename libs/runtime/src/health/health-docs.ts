import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { StartupReport } from '@smart-router/startup';

type Schema = Readonly<Record<string, unknown>>;

const TEXT = { type: 'string' } as const;
const COUNT = { type: 'integer' } as const;

function object(properties: Schema, required: readonly string[] = Object.keys(properties)): Schema {
  return { type: 'object', properties, required };
}

const STATE = { type: 'object', additionalProperties: { ...object({ status: TEXT }), additionalProperties: true } };
const ERROR = object({ error: TEXT, code: TEXT, request_id: TEXT });

const COMPONENT = object(
  {
    status: TEXT,
    priority: TEXT,
    duration_ms: COUNT,
    retries: COUNT,
    error: TEXT,
    depends_on: { type: 'array', items: TEXT },
    since: { type: 'string', format: 'date-time', nullable: true },
  },
  ['status', 'priority', 'duration_ms', 'retries', 'depends_on'],
);

const STARTUP_TOTALS = {
  initialized_after_ms: { type: 'integer', nullable: true },
  ...{ components: COUNT, started: COUNT, degraded: COUNT, blocked: COUNT, retries: COUNT },
};

const STARTUP_EXAMPLE = {
  initialized: true,
  components: {
    store: {
      status: 'SUCCESS',
      priority: 'CRITICAL',
      duration_ms: 12,
      retries: 0,
      depends_on: ['config'],
      since: '2026-01-01T00:00:00.000Z',
    },
  },
  metrics: { initialized_after_ms: 48, components: 1, started: 1, degraded: 0, blocked: 0, retries: 0 },
} satisfies StartupReport;

const DETAILS = object({ status: TEXT, info: STATE, error: STATE, details: STATE });
const UP = { store: { status: 'up' } };
const DOWN = { store: { status: 'down', code: 'STORE_UNAVAILABLE' } };

const STARTUP = object({
  initialized: { type: 'boolean' },
  components: { type: 'object', additionalProperties: COMPONENT },
  metrics: object(STARTUP_TOTALS),
});

interface ProbeDocs {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly answer: { readonly schema: Schema; readonly example: object };
  /** The 503, where something is wrong. */
  readonly unavailable?: { readonly when: string; readonly schema: Schema; readonly example: object };
}

const UNUSABLE = 'Something is not usable.';
const REFUSED = { error: 'bad request', code: 'INVALID_REQUEST', request_id: 'b7e1f2' };

/** What each probe answers, for the OpenAPI document. */
export const PROBE_DOCS = {
  health: {
    id: 'health',
    summary: 'Whether the process lives',
    description:
      'Depends on nothing, so that an outage of a dependency restarts nobody, unless `LIVENESS_STORE_TIMEOUT` sets a bound.',
    answer: { schema: object({ status: TEXT }), example: { status: 'ok' } },
    unavailable: {
      when: 'Only with `LIVENESS_STORE_TIMEOUT`: this process has had no store for longer than that.',
      schema: ERROR,
      example: { error: 'store lost', code: 'STORE_LOST', request_id: 'b7e1f2' },
    },
  },
  ready: {
    id: 'ready',
    summary: 'Whether calls can be taken',
    description: 'The store takes writes, and no shutdown has begun.',
    answer: { schema: object({ status: TEXT }), example: { status: 'ready' } },
    unavailable: {
      when: UNUSABLE,
      schema: ERROR,
      example: {
        error: 'store unavailable since 2026-01-01T00:00:00.000Z (ECONNREFUSED)',
        code: 'STORE_UNAVAILABLE',
        request_id: 'b7e1f2',
      },
    },
  },
  startup: {
    id: 'healthStartup',
    summary: 'What was started, how long it took, and how it is',
    description: 'One entry for each component; an error is shown by its code alone.',
    answer: { schema: STARTUP, example: STARTUP_EXAMPLE },
  },
  details: {
    id: 'healthDetails',
    summary: 'The state of each dependency',
    description: '503 where one of them is down, with the same body.',
    answer: { schema: DETAILS, example: { status: 'ok', info: UP, error: {}, details: UP } },
    unavailable: {
      when: UNUSABLE,
      schema: DETAILS,
      example: { status: 'error', info: {}, error: DOWN, details: DOWN },
    },
  },
} satisfies Record<string, ProbeDocs>;

/** Describes a probe with all its answers. */
export function ApiProbe({ id, summary, description, answer, unavailable }: ProbeDocs): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: id, summary, description }),
    response(200, 'How it is.', answer),
    response(400, '`INVALID_REQUEST`: no valid HTTP request.', { schema: ERROR, example: REFUSED }),
    ...(unavailable === undefined ? [] : [response(503, unavailable.when, unavailable)]),
  );
}

function response(status: number, description: string, { schema, example }: ProbeDocs['answer']): MethodDecorator {
  return ApiResponse({ status, description, content: { 'application/json': { schema, example } } });
}
