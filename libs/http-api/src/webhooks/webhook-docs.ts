import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiQuery, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ApiAccess, ApiErrors, STORE_ERRORS } from '../openapi/api-route';
import { ErrorResponse } from '../openapi/error-body.dto';
import type { WebhookKind } from './webhook-responder';

const STREAM_URL = 'wss://agents.example.com/ws/pod/voice-agent-2/CA123abc';

const CONNECT_ANSWER = {
  'text/xml': {
    schema: { type: 'string' },
    examples: {
      twilio: {
        summary: 'TwiML for Twilio',
        value: `<?xml version="1.0" encoding="UTF-8"?><Response><Connect><Stream url="${STREAM_URL}"/></Connect></Response>`,
      },
      plivo: {
        summary: 'XML for Plivo',
        value: `<Response><Stream bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000">${STREAM_URL}</Stream></Response>`,
      },
      noCapacity: {
        summary: 'No pod is free',
        value: '<?xml version="1.0" encoding="UTF-8"?><Response><Say>All lines are busy.</Say><Hangup/></Response>',
      },
    },
  },
  'application/json': {
    schema: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] as string[] },
    examples: { exotel: { summary: 'JSON for Exotel', value: { url: STREAM_URL } } },
  },
} as const;

const STATUS_ANSWER = {
  'text/xml': { schema: { type: 'string' }, example: '<?xml version="1.0" encoding="UTF-8"?><Response/>' },
  'application/json': {
    schema: { type: 'object', properties: { success: { type: 'boolean' } }, required: ['success'] as string[] },
    example: { success: true },
  },
} as const;

const INVALID_ANSWER = {
  'text/xml': {
    schema: { type: 'string' },
    example: '<?xml version="1.0" encoding="UTF-8"?><Response/><!-- CallSid is required -->',
  },
  'application/json': {
    schema: { $ref: getSchemaPath(ErrorResponse) },
    example: {
      error: 'CallSid is required',
      code: 'INVALID_FIELD',
      request_id: '1c9e3a1e-57ac-4c41-a2f4-d5d6c8f5b1aa',
    },
  },
};

const REFUSED_ANSWER = {
  'text/xml': {
    schema: { type: 'string' },
    example: '<?xml version="1.0" encoding="UTF-8"?><Response/><!-- request refused -->',
  },
} as const;

/** Shown by status to Exotel, and to every provider where a status callback is concerned. */
const FAILURES = ['NO_PODS_AVAILABLE', ...STORE_ERRORS] as const;

const BODIES = {
  allocate: {
    twilio: { CallSid: 'CA123abc', From: '+15550100', To: '+15550101' },
    plivo: { CallUUID: '97ceeb52-58b6-11e1-86da-77300b68f8bb' },
  },
  status: {
    twilio: { CallSid: 'CA123abc', CallStatus: 'completed' },
    plivo: { CallUUID: '97ceeb52-58b6-11e1-86da-77300b68f8bb', CallStatus: 'completed' },
  },
} as const;

const EXOTEL_BODIES = {
  allocate: { CallSid: 'b6a2c3', merchant_id: 'acme-retail' },
  status: { CallSid: 'b6a2c3', Status: 'completed' },
} as const;

interface WebhookDocs {
  /** Stable: clients are generated from it. */
  readonly id: string;
  readonly kind: WebhookKind;
  readonly method: 'GET' | 'POST';
  /** What is special about this address. */
  readonly note: string;
  /** Whether the path ends with a template. */
  readonly pathTemplate?: boolean;
}

const TEXTS = {
  allocate: {
    summary: 'A provider asks where to connect a call',
    description:
      'Answers in the format of the provider: TwiML, XML or JSON. Twilio and Plivo read only a 200, so a call that ' +
      'gets no pod is a 200 that speaks a sentence and hangs up; Exotel gets a 503, or a 502 or 504 where the store is ' +
      'away. A report on a call that comes here ' +
      'takes no pod: it is served as at the address for reports.',
    answer: CONNECT_ANSWER,
  },
  status: {
    summary: 'A provider reports on a call',
    description:
      'A terminal state releases the call. For ten minutes it is remembered that the call is over, so that a late ' +
      'duplicate of its allocate webhook takes no pod. Any other report (progress, recording, stream, conference, ' +
      'answering machine) is answered with 200 and changes nothing.',
    answer: STATUS_ANSWER,
  },
} as const;

/** A provider wants its own words; and what ends a call is taken whatever the load, or its pod would stay taken. */
const REJECTION_MODES = { allocate: 'by-handler', status: 'never' } as const;

/** Describes one webhook address; the same for all providers. */
export function ApiWebhook({ id, kind, method, note, pathTemplate = false }: WebhookDocs): MethodDecorator {
  const { summary, description, answer } = TEXTS[kind];
  return applyDecorators(
    // A provider has no key; what it sends is verified by the secret that it shares with us.
    ApiAccess('open', { hot: true, reject: REJECTION_MODES[kind] }),
    ApiOperation({ operationId: id, summary, description: `${description} ${note}` }),
    ApiParam({
      name: 'provider',
      description: 'Each provider takes the methods that it really uses; others are a 405.',
      schema: { type: 'string', enum: ['twilio', 'plivo', 'exotel'] },
      example: method === 'GET' ? 'exotel' : 'twilio',
    }),
    ...(method === 'POST' ? [webhookBody(kind)] : [ApiQuery({ name: 'CallSid', required: true, example: 'b6a2c3' })]),
    ...(kind === 'allocate' ? [...ALLOCATE_QUERY, pathTemplate ? PATH_TEMPLATE : QUERY_TEMPLATE] : []),
    ApiResponse({ status: 200, description: 'The answer in the format of the provider.', content: answer }),
    ApiResponse({ status: 400, description: 'The id of the call is missing or malformed.', content: INVALID_ANSWER }),
    ApiResponse({
      status: 403,
      description: 'Twilio, Plivo: the signature is missing or wrong.',
      content: REFUSED_ANSWER,
    }),
    ApiErrors([
      ...(['UNAUTHORIZED', 'NOT_FOUND', 'METHOD_NOT_ALLOWED', 'CALL_ENDED', 'BODY_TOO_LARGE'] as const),
      ...(['TOO_MANY_UNKNOWN_ENDS', ...FAILURES] as const),
    ]),
  );
}

const ALLOCATE_QUERY = [
  ApiQuery({
    name: 'merchant_id',
    required: false,
    schema: { type: 'string', maxLength: 128 },
    example: 'acme-retail',
  }),
  ApiQuery({ name: 'flow', required: false, schema: { type: 'string', maxLength: 128 } }),
];

const TEMPLATE = { name: 'template', description: 'Passed on to the pod.', example: 'order-confirmation' } as const;
const QUERY_TEMPLATE = ApiQuery({ ...TEMPLATE, required: false, schema: { type: 'string', maxLength: 128 } });
const PATH_TEMPLATE = ApiParam({ ...TEMPLATE, schema: { type: 'string', maxLength: 128 } });

function webhookBody(kind: WebhookKind): MethodDecorator {
  const { twilio, plivo } = BODIES[kind];
  return applyDecorators(
    ApiBody({
      schema: {
        type: 'object',
        properties: {
          CallSid: { type: 'string', description: 'Twilio, Exotel: the call.' },
          CallUUID: { type: 'string', description: 'Plivo: the call.' },
          ...(kind === 'status' ? { CallStatus: { type: 'string' } } : {}),
        },
      },
      examples: {
        twilio: { summary: 'Form of Twilio', value: twilio },
        plivo: { summary: 'Form of Plivo', value: plivo },
        exotel: { summary: 'JSON or form of Exotel', value: EXOTEL_BODIES[kind] },
      },
    }),
  );
}
