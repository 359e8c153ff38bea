import { requestIdOf } from './request-id';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function idFor(sent: string | string[] | undefined): string {
  return requestIdOf({ headers: { 'x-request-id': sent } });
}

it.each(['a', 'abc.DEF_123-x', 'x'.repeat(64)])('accepts the id %s', (sent) => {
  expect(idFor(sent)).toBe(sent);
});

it.each([undefined, '', 'x'.repeat(65), 'a b', 'a\nb', 'ä', 'a"b', '{}'])('makes an id of its own for %j', (sent) => {
  expect(idFor(sent)).toMatch(UUID);
});

it('never makes the same id twice', () => {
  expect(idFor(undefined)).not.toBe(idFor(undefined));
});
