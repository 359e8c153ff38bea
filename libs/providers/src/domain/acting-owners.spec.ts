import { actingOwners } from './acting-owners';

describe('actingOwners', () => {
  it.each([
    ['itself and the API when it is verified', true, ['exotel'], ['twilio', 'api']],
    ['itself and the API when nobody is verified', false, 'all' as const, ['twilio', 'api']],
    ['itself alone when it is let in by name', false, ['twilio'], ['twilio']],
  ])('returns %s', (_whom, verifies, acceptUnverified, owners) => {
    expect(actingOwners({ name: 'twilio', verifies }, acceptUnverified)).toEqual(owners);
  });
});
