import { readSample, sampleObject } from '../testing/sample-objects';
import { parseWatchEvent } from './watch-event';

function parse(line: unknown) {
  return parseWatchEvent(typeof line === 'string' ? line : JSON.stringify(line), readSample);
}

it.each([
  ['ADDED', 'present'],
  ['MODIFIED', 'present'],
  ['DELETED', 'gone'],
])('reads %s as an object that is %s', (type, kind) => {
  expect(parse({ type, object: sampleObject('pod-1', 7) })).toEqual({
    kind,
    object: { name: 'pod-1', uid: 'pod-1-1', resourceVersion: '7', value: 'pod-1 red' },
  });
});

it('reads a bookmark', () => {
  const object = { kind: 'Pod', metadata: { resourceVersion: '12' } };
  expect(parse({ type: 'BOOKMARK', object })).toEqual({ kind: 'bookmark', resourceVersion: '12' });
});

it('reads an error with its status', () => {
  const object = {
    kind: 'Status',
    code: 410,
    reason: 'Expired',
    message: 'too old',
    details: { retryAfterSeconds: 2 },
  };
  expect(parse({ type: 'ERROR', object })).toEqual({
    kind: 'error',
    status: { code: 410, reason: 'Expired', message: 'too old', retryAfterMs: 2000 },
  });
});

it.each([
  ['garbage', '<html>'],
  ['half a line', '{"type":"ADDED","object":{"metad'],
  ['an unknown type', { type: 'RENAMED', object: sampleObject('pod-1', 7) }],
  ['no type', {}],
  ['null', null],
  ['no object', { type: 'ADDED' }],
  ['an object without a name', { type: 'ADDED', object: { metadata: { uid: 'a', resourceVersion: '1' } } }],
  ['an object that cannot be read', { type: 'MODIFIED', object: { ...sampleObject('pod-1', 7), color: 1 } }],
  ['a bookmark without a version', { type: 'BOOKMARK', object: {} }],
])('takes %s for malformed', (_, line) => {
  expect(parse(line).kind).toBe('malformed');
});

it('takes an error without a status for one of the server', () => {
  expect(parse({ type: 'ERROR' })).toMatchObject({ kind: 'error', status: { code: 500 } });
});
