/**
 * What an operator decides about the providers. Secrets are asked for at each request, since they may be replaced; whether
 * there are any never changes.
 */
export interface ProviderSettings {
  readonly spoken: {
    /** What the caller hears where no pod is free. */
    readonly noCapacity: string;
    /** What the caller hears where the router itself failed. */
    readonly failure: string;
  };
  /** Whether signed requests must name calls and accounts as Twilio and Plivo do; compatible providers do not. */
  readonly strictIds: boolean;
  /** Several tokens while one is being rotated; none switches the check of signatures off. */
  readonly twilio: { readonly authTokens: () => readonly string[] };
  readonly plivo: {
    readonly authTokens: () => readonly string[];
    /** Takes the older signature, which does not cover the parameters, where a request carries no V3 signature. */
    readonly acceptV2: boolean;
  };
  /** As those of Twilio. */
  readonly exotel: { readonly webhookTokens: () => readonly string[] };
}
