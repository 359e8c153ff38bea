import fc from 'fast-check';
import { createLogger, extendLines, rootLogger } from './root-logger';
import type { Logger } from './logger';

const SOURCE = { app: 'api', version: '1.2.3', log: { level: 'info', format: 'json' } } as const;

function recorded(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  return { lines, logger: createLogger(SOURCE, { write: (line: string) => void lines.push(line) }) };
}

function only(lines: readonly string[]): Record<string, unknown> {
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}

it('writes one JSON line with time, level, service, version, fields and message', () => {
  const { logger, lines } = recorded();
  logger.info({ pod_name: 'a' }, 'pod added');
  expect(only(lines)).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    service: 'api',
    version: '1.2.3',
    pod_name: 'a',
    msg: 'pod added',
  });
});

it('keeps a line one line, whatever a field holds', () => {
  const { logger, lines } = recorded();
  logger.info({ call_sid: 'a\nb\r\u2028{"level":"fatal"}' }, 'request');
  expect(lines[0]?.match(/\n/g)).toHaveLength(1);
  expect(only(lines)['call_sid']).toBe('a\nb\r\u2028{"level":"fatal"}');
});

describe('whatever the fields hold', () => {
  const loop: Record<string, unknown> = {};
  loop['self'] = loop;
  const throwing = {
    toJSON: () => {
      throw new Error('no text of it');
    },
  };
  const hostile = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\n', '\r\n{"level":"fatal"}', '\u2028', '\ud800', loop, throwing, new Error('a\nb'), 10n),
  );
  const names = fc.string({ unit: 'binary' }).filter((name) => name !== '__proto__');

  it('writes one JSON line', () => {
    fc.assert(
      fc.property(fc.dictionary(names, hostile), hostile, (fields, value) => {
        const { logger, lines } = recorded();
        logger.info({ ...fields, call_sid: value, err: value }, 'request');
        expect(lines.join('').match(/\n/g)).toHaveLength(1);
        expect(only(lines)['service']).toBe('api');
      }),
      { numRuns: 500 },
    );
  });
});

it('writes nothing below its level', () => {
  const { logger, lines } = recorded();
  logger.debug('detail');
  expect(lines).toEqual([]);
});

it('writes errors with their stack', () => {
  const { logger, lines } = recorded();
  logger.error({ err: new Error('broken') }, 'failed');
  expect(only(lines)['err']).toMatchObject({ message: 'broken', stack: expect.stringContaining('root-logger.spec') });
});

it.each([
  [{ authorization: 'Basic c2VjcmV0' }],
  [{ headers: { authorization: 'Basic c2VjcmV0', 'x-twilio-signature': 'c2VjcmV0' } }],
  [{ query: { token: 'c2VjcmV0' } }],
  [{ password: 'c2VjcmV0' }],
])('hides secrets: %j', (fields) => {
  const { logger, lines } = recorded();
  logger.info(fields, 'request');
  expect(lines[0]).toContain('[hidden]');
  expect(lines[0]).not.toContain('c2VjcmV0');
});

it('shows the end of a phone number only', () => {
  const { logger, lines } = recorded();
  logger.info({ From: '+919812345678', body: { To: '+14155550100' } }, 'webhook');
  expect(only(lines)).toMatchObject({ From: '***********78', body: { To: '**********00' } });
});

it('adds what is given for all lines of a process, and lets the line itself win', () => {
  const settings = { ...SOURCE };
  const { logger, lines } = recorded();
  Object.assign(rootLogger(settings).logger, logger);
  let traceId: string | undefined = 'abc';
  extendLines(settings, () => (traceId === undefined ? undefined : { trace_id: traceId }));
  const extended = rootLogger(settings).logger;
  extended.info({ a: 1 }, 'both');
  extended.warn('text alone');
  extended.info({ trace_id: 'own' }, 'its own');
  traceId = undefined;
  extended.error({ err: new Error('broken') }, 'none');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ trace_id: 'abc', a: 1, msg: 'both' }),
    expect.objectContaining({ trace_id: 'abc', msg: 'text alone' }),
    expect.objectContaining({ trace_id: 'own', msg: 'its own' }),
    expect.not.objectContaining({ trace_id: expect.anything() }),
  ]);
});
