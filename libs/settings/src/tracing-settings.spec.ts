import { loadSettings } from './load-settings';
import { problemsOf } from './testing/problems-of';

const ENDPOINT = 'http://otel-collector:4318';
const tracingOf = (env: Record<string, string>) =>
  loadSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, ...env }, 'smart-router').tracing;

it('returns none when there is no collector, whatever else is set', () => {
  const env = { OTEL_SERVICE_NAME: 'router', OTEL_TRACES_SAMPLER: 'always_on' };
  expect(loadSettings(env, 'smart-router').tracing).toBeNull();
});

it('returns what is usual when only the collector is set', () => {
  expect(tracingOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://Collector.example/otlp/' })).toEqual({
    endpoint: 'https://collector.example/otlp',
    timeoutMs: 10_000,
    headers: {},
    serviceName: 'smart-router',
    resourceAttributes: {},
    sampler: { follows: 'parent', ratio: 1 },
  });
});

it('returns headers and attributes decoded', () => {
  const tracing = tracingOf({
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20dXNlcjpwYXNz==, x-tenant = voice',
    OTEL_RESOURCE_ATTRIBUTES: 'a.b=c%2Cd',
  });
  expect(tracing?.headers).toEqual({ authorization: 'Basic dXNlcjpwYXNz==', 'x-tenant': 'voice' });
  expect(tracing?.resourceAttributes).toEqual({ 'a.b': 'c,d' });
});

it.each([
  ['always_on', 'nobody', 1],
  ['always_off', 'nobody', 0],
  ['traceidratio', 'nobody', 0.25],
  ['parentbased_always_on', 'parent', 1],
  ['parentbased_always_off', 'parent', 0],
  ['parentbased_traceidratio', 'parent', 0.25],
])('returns for the sampler %s one that follows %s, else %d', (name, follows, ratio) => {
  const env = { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: '.25' };
  expect(tracingOf(env)?.sampler).toEqual({ follows, ratio });
});

it.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'must be a URL that begins with http:// or https://'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector/v1/traces', 'nor the /v1/traces that is appended'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'must be http/protobuf (the only choice so far), but is "grpc"'],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', '10s', 'must be a whole number'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'production', 'must be pairs such as'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'a=%zz', 'must be pairs such as'],
  ['OTEL_TRACES_SAMPLER', 'jaeger_remote', 'must be one of parentbased_always_on,'],
  ['OTEL_TRACES_SAMPLER_ARG', '10', 'must be a number from 0 to 1, but is "10"'],
])('returns a problem when %s is %s', (name, value, sentence) => {
  const problems = problemsOf({ [name]: value });
  expect(problems).toEqual([expect.stringContaining(`${name} `)]);
  expect(problems[0]).toContain(sentence);
});

it('returns a problem without the secret when a header is none', () => {
  const problems = problemsOf({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization:canary-secret' });
  expect(problems).toEqual([expect.stringContaining('OTEL_EXPORTER_OTLP_HEADERS must be headers such as')]);
  expect(problems.join()).not.toContain('canary-secret');
});
