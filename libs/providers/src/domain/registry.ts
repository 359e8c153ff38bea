import { ExotelProvider } from './exotel/exotel';
import { PlivoProvider } from './plivo/plivo';
import type { Provider } from './provider';
import type { ProviderSettings } from './provider-settings';
import { TwilioProvider } from './twilio/twilio';

/** Every provider there is; a new one is added here. */
const REGISTRATIONS: readonly ((settings: ProviderSettings) => Provider)[] = [
  (settings) => new TwilioProvider(settings),
  (settings) => new PlivoProvider(settings),
  (settings) => new ExotelProvider(settings),
];

/** The providers by name. */
export function createProviders(settings: ProviderSettings): ReadonlyMap<string, Provider> {
  const providers = REGISTRATIONS.map((create) => create(settings));
  return new Map(providers.map((provider) => [provider.name, provider]));
}
