import { readRecord } from './read-record';

const RECORD = {
  holderIdentity: 'me',
  leaseDurationSeconds: 15,
  acquireTime: '2026-11-21T10:00:00.123Z',
  renewTime: '2026-11-21T10:00:02.000Z',
  leaseTransitions: 3,
};
const NOTHING = {
  holderIdentity: '',
  leaseDurationSeconds: null,
  acquireTime: null,
  renewTime: null,
  leaseTransitions: 0,
};

describe('readRecord', () => {
  it('gives back what a contender wrote', () => {
    expect(readRecord(RECORD)).toEqual(RECORD);
  });

  it('reads times with the six digits of Kubernetes', () => {
    expect(readRecord({ ...RECORD, acquireTime: '2026-11-21T10:00:00.123456Z' })).toEqual(RECORD);
  });

  it.each([null, undefined, 7, 'text', [], {}])('finds nobody in %j', (value) => {
    expect(readRecord(value)).toEqual(NOTHING);
  });

  it.each([
    ['holderIdentity', { a: 1 }],
    ['leaseDurationSeconds', '15'],
    ['leaseDurationSeconds', -1],
    ['leaseDurationSeconds', 1.5],
    ['leaseDurationSeconds', Infinity],
    ['acquireTime', 'yesterday'],
    ['renewTime', 1_700_000_000],
    ['leaseTransitions', -1],
    ['leaseTransitions', 'many'],
    ['leaseTransitions', 2 ** 31 - 1],
  ])('takes %s as missing when it is %j', (field, value) => {
    expect(readRecord({ ...RECORD, [field]: value })).toEqual({
      ...RECORD,
      [field]: NOTHING[field as keyof typeof NOTHING],
    });
  });
});
