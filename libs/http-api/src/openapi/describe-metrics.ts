import type { OpenAPIObject } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode } from '@smart-router/http';

const EXAMPLE = `# HELP smart_router_active_calls Live calls
# TYPE smart_router_active_calls gauge
smart_router_active_calls 1
`;

const PATH = '/api/v1/metrics';

/** Adds what the controller of the metrics cannot say: how an answer looks. @returns the same document */
export function describeMetrics(document: OpenAPIObject): OpenAPIObject {
  const operations = document.paths[PATH];
  if (operations) operations.get = METRICS;
  return document;
}

function refusal(code: ErrorCode, description: string) {
  const example = { error: ERROR_CODES[code].text, code, request_id: '1c9e3a1e-57ac-4c41-a2f4-d5d6c8f5b1aa' };
  const schema = { $ref: '#/components/schemas/ErrorResponse' };
  return { description, content: { 'application/json': { schema, example } } };
}

const METRICS = {
  operationId: 'metrics',
  summary: 'Metrics in the text format of Prometheus',
  description: 'The same as on METRICS_PORT, at most a second old.',
  tags: ['health'],
  security: [],
  responses: {
    200: {
      description: 'All metrics of this process.',
      content: { 'text/plain': { schema: { type: 'string' }, example: EXAMPLE } },
    },
    429: refusal('RATE_LIMITED', 'The address has made too many requests.'),
    503: refusal('OVERLOADED', 'The process cannot keep up.'),
  },
};
