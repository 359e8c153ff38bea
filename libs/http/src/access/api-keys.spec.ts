import { ApiKeys } from './api-keys';

const KEYS = [
  { name: 'dashboard', scope: 'read', secret: 'dashboard-secret' },
  { name: 'agents', scope: 'write', secret: 'agents-secret-1==' },
] as const;

const keys = new ApiKeys(KEYS);

describe('ApiKeys.identify', () => {
  it.each(KEYS)(
    'returns the name and the scope of the key when its secret is sent: $name',
    ({ name, scope, secret }) => {
      for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer  ']) {
        expect(keys.identify(`${scheme} ${secret}`)).toEqual({ kind: 'key', name, scope });
      }
    },
  );

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic YWdlbnRzLXNlY3JldA==',
    'dashboard-secret',
    'Bearer a b',
    'Bearer \u00e4',
  ])('returns that there are no credentials when the header is %j', (header) => {
    expect(keys.identify(header)).toEqual({ kind: 'none' });
  });

  it('returns that the key is unknown when any character of a secret differs, is missing or is added', () => {
    for (const { secret } of KEYS) {
      const changed = [...secret].map((_, at) => `${secret.slice(0, at)}X${secret.slice(at + 1)}`);
      const shortened = [...secret].map((_, at) => secret.slice(0, at)).filter((text) => text !== '');
      for (const wrong of [...changed.slice(0, -2), ...shortened, `x${secret}`, secret.toUpperCase()]) {
        expect(keys.identify(`Bearer ${wrong}`)).toEqual({ kind: 'unknown' });
      }
    }
  });

  it('returns that the key is unknown when there are no keys', () => {
    expect(new ApiKeys([]).identify('Bearer anything')).toEqual({ kind: 'unknown' });
  });

  it('gives back nothing that holds a secret', () => {
    expect(JSON.stringify(keys.identify('Bearer dashboard-secret'))).not.toContain('secret');
  });
});
