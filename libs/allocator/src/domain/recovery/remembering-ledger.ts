import type {
  AllocateCommand,
  AllocateOutcome,
  CallLedger,
  HeartbeatOutcome,
  ReleaseOutcome,
} from '@smart-router/routing-store';
import type { GrantMemory } from './grant-memory';

export interface RememberingLedgerPorts {
  readonly calls: CallLedger;
  readonly memory: GrantMemory;
  /** A clock that only goes forward, in milliseconds. */
  readonly monotonicMs: () => number;
  /** Resolves when new grants may be asked for. */
  readonly beforeGrant: () => Promise<void>;
}

/** The ledger as callers use it, remembering what it acknowledges to them. */
export class RememberingLedger implements CallLedger {
  constructor(private readonly ports: RememberingLedgerPorts) {}

  async allocate(command: AllocateCommand): Promise<AllocateOutcome> {
    const { beforeGrant, calls, memory, monotonicMs } = this.ports;
    await beforeGrant();
    const outcome = await calls.allocate(command);
    if (outcome.kind === 'allocated' || outcome.kind === 'existing') {
      const { callSid, merchantId, provider } = command;
      const grant = { callSid, merchantId, grant: outcome.grant, ...(provider !== undefined && { provider }) };
      memory.granted(grant, monotonicMs());
    }
    return outcome;
  }

  async release(callSid: string): Promise<ReleaseOutcome> {
    const { calls, memory, monotonicMs } = this.ports;
    const outcome = await calls.release(callSid);
    if (outcome.kind === 'released') {
      memory.ended({ kind: 'release', callSid, grantNumber: outcome.grantNumber }, monotonicMs());
    }
    return outcome;
  }

  /** Also where the call is unknown: that it has ended is acknowledged all the same. */
  async endCall(callSid: string): Promise<ReleaseOutcome> {
    const { calls, memory, monotonicMs } = this.ports;
    const outcome = await calls.endCall(callSid);
    memory.ended({ kind: 'end-call', callSid }, monotonicMs());
    return outcome;
  }

  heartbeat(callSid: string): Promise<HeartbeatOutcome> {
    return this.ports.calls.heartbeat(callSid);
  }
}
