import * as kinds from './kinds';
import { optional, withDefault } from './variable';

const SIGNAL_PATH = /\/v1\/traces$/;

const baseUrl = kinds.baseUrl('http:', 'https:');

/** The path of the signal is appended, so that one in the setting would be there twice. */
const endpoint = kinds.kind(`${baseUrl.rule}, nor the /v1/traces that is appended`, (text) => {
  const url = baseUrl.parse(text);
  return SIGNAL_PATH.test(url) ? undefined : url;
});

/** As OpenTelemetry writes them: values may be percent-encoded. */
function pairs(text: string, isPair: (name: string, value: string) => boolean): Record<string, string> | undefined {
  const found = kinds.splitList(text).map((pair): [string, string] => {
    const [name = '', ...value] = pair.split('=');
    return [name.trim(), decoded(value.join('=').trim()) ?? ''];
  });
  return found.length > 0 && found.every((pair) => isPair(...pair)) ? Object.fromEntries(found) : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // Stray percent signs: the rule is broken.
    return undefined;
  }
}

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const PRINTABLE = /^[\x20-\x7e]+$/;

const headers = kinds.kind('headers such as authorization=Bearer%20abc, separated by commas', (text) =>
  pairs(text, (name, value) => HEADER_NAME.test(name) && PRINTABLE.test(value)),
);

const attributes = kinds.kind('pairs such as deployment.environment.name=production, separated by commas', (text) =>
  pairs(text, (name, value) => PRINTABLE.test(name) && value !== ''),
);

const ratio = kinds.kind('a number from 0 to 1', (text) =>
  /^(0|1|0?\.\d+|1\.0+)$/.test(text) ? Number(text) : undefined,
);

export const tracing = {
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(endpoint, {
    desc: 'Base URL of the collector that traces are sent to; `/v1/traces` is appended. Unset: there are no traces',
    example: 'http://otel-collector:4318',
  }),
  OTEL_EXPORTER_OTLP_PROTOCOL: withDefault(kinds.oneOf('http/protobuf'), 'http/protobuf', {
    desc: 'How they are sent; the port of OTLP over HTTP is 4318 by default, not the 4317 of gRPC',
    example: 'http/protobuf',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: optional(headers, {
    desc: 'Headers of the requests to the collector, as for its access',
    example: 'authorization=Bearer%20abc',
    secret: true,
  }),
  OTEL_EXPORTER_OTLP_TIMEOUT: withDefault(kinds.count, '10000', {
    desc: 'Milliseconds that sending a batch of spans may take, with all its retries',
    example: '5000',
  }),
  OTEL_SERVICE_NAME: withDefault(kinds.anyText, 'smart-router', {
    desc: '`service.name` of the traces',
    example: 'smart-router-eu',
  }),
  OTEL_RESOURCE_ATTRIBUTES: optional(attributes, {
    desc: 'What else the traces say of this process',
    example: 'deployment.environment.name=production,k8s.namespace.name=voice',
  }),
  OTEL_TRACES_SAMPLER: withDefault(
    kinds.oneOf(
      ...(['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const),
      ...(['always_on', 'always_off', 'traceidratio'] as const),
    ),
    'parentbased_always_on',
    {
      desc: 'Which requests leave a trace; `parentbased_`: as the `traceparent` of the request says, where it has one',
      example: 'parentbased_traceidratio',
    },
  ),
  OTEL_TRACES_SAMPLER_ARG: withDefault(ratio, '1', {
    desc: 'The share of requests that leave a trace, for the samplers by `traceidratio`',
    example: '0.1',
  }),
};
