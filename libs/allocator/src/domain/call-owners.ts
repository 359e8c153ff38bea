import type { FleetReader } from '@smart-router/routing-store';

/** Whom a live call belongs to. */
export interface CallOwner {
  /** The provider that was named when the call got its pod; `null` where none was. */
  readonly provider: string | null;
}

/** Says whom calls belong to. */
export class CallOwners {
  constructor(private readonly reader: Pick<FleetReader, 'call'>) {}

  /** @returns `null` for a call that does not live. @throws StoreUnavailableError */
  async ownerOf(callSid: string): Promise<CallOwner | null> {
    const call = await this.reader.call(callSid);
    return call === null ? null : { provider: call.provider };
  }
}
