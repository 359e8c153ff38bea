import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KeyDeclaration, keyNames, KEYS, POOL_KEYS } from './key-names';

const DOCS = readFileSync(join(__dirname, '../../../../docs/reference/keys.md'), 'utf8');

/** The rows of the tables: each key with the type that it has. */
const DOCUMENTED = DOCS.split('\n').flatMap((line) => {
  const [, names = '', type = ''] = line.split('|');
  return [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => ({ name: name.replace(/\{.*?\}/g, '{}'), type }));
});

const DECLARED: readonly KeyDeclaration[] = [
  ...Object.values(KEYS),
  ...Object.values(POOL_KEYS).map(({ name, type }) => ({ name: `pool:{tier}:${name}`, type })),
];

describe('keyNames', () => {
  it('puts the prefix before every name', () => {
    const names = keyNames('voice:');
    expect([names.leaseEnds, names.podCalls('pod-1'), names.channel('reconcile-requested')]).toEqual([
      'voice:calls:expiry',
      'voice:pod:calls:pod-1',
      'voice:hint:reconcile-requested',
    ]);
  });

  it.each(DECLARED)('spells $name as the documentation does, with its type', ({ name, type }) => {
    const rows = DOCUMENTED.filter((row) => row.name === name.replace(/\{.*?\}/g, '{}'));
    const expected = name === 'probe' ? 'none' : type === 'zset' ? 'ZSET' : type.toUpperCase();
    expect(rows.map((row) => row.type.trim().split(/[ ,]/)[0])).toEqual([expected]);
  });
});
