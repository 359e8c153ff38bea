import { sampleSettings } from '../testing/sample-webhooks';
import { createProviders } from './registry';

describe('createProviders', () => {
  it('returns every provider under its own name', () => {
    const providers = createProviders(sampleSettings());
    expect([...providers.keys()]).toEqual(['twilio', 'plivo', 'exotel']);
    expect([...providers].every(([name, provider]) => provider.name === name)).toBe(true);
  });
});
