import type { OpenAPIObject } from '@nestjs/swagger';

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

const METRICS = {
  operationId: 'metrics',
  summary: 'Metrics in the text format of Prometheus',
  description: 'The same as on METRICS_PORT.',
  tags: ['health'],
  responses: {
    200: {
      description: 'All metrics of this process.',
      content: { 'text/plain': { schema: { type: 'string' }, example: EXAMPLE } },
    },
  },
};
