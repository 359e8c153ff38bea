import type {
  Allocation,
  CallEnd,
  EndCallRequest,
  ForeignCall,
  ProviderAllocationRequest,
} from '@smart-router/allocator';

/** What webhooks need of `CallAllocator` and `CallReleaser`. */
export interface CallOperations {
  allocate(call: ProviderAllocationRequest): Promise<Allocation | ForeignCall>;
  endCall(call: CallToEnd): Promise<CallEnd>;
}

/** An end of a call that may have to be repeated in the background. */
export interface CallToEnd extends EndCallRequest {
  readonly provider: string;
}
