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
  /** Resolves when the store knows again what it has lost, as far as this replica can tell it, or after a moment. */
  readonly settled: () => Promise<void>;
}

/** The ledger as callers use it, remembering what it acknowledges to them. */
export class RememberingLedger implements CallLedger {
  constructor(private readonly ports: RememberingLedgerPorts) {}

  async allocate(command: AllocateCommand): Promise<AllocateOutcome> {
    const { calls, memory, monotonicMs, settled } = this.ports;
    await settled();
    const outcome = await calls.allocate(command);
    if (outcome.kind === 'allocated' || outcome.kind === 'existing') {
      const { callSid, merchantId, provider } = command;
      const grant = { callSid, merchantId, grant: outcome.grant, ...(provider !== undefined && { provider }) };
      memory.granted(grant, monotonicMs());
    }
    return outcome;
  }

  /**
   * Also where the call is unknown and this process granted it: a first try of the release may have taken effect without
   * an answer, or the lease ran out. That the call is over is acknowledged all the same.
   */
  async release(callSid: string): Promise<ReleaseOutcome> {
    const { calls, memory, monotonicMs, settled } = this.ports;
    await settled();
    // Read before the release, which does not concern a grant that is given while it is under way.
    const knownGrant = memory.grantNumber(callSid);
    const outcome = await calls.release(callSid);
    const grantNumber = outcome.kind === 'released' ? outcome.grantNumber : knownGrant;
    if (grantNumber !== undefined) memory.ended({ kind: 'release', callSid, grantNumber }, monotonicMs());
    return outcome;
  }

  /** Also where the call is unknown: that it has ended is acknowledged all the same. */
  async endCall(callSid: string): Promise<ReleaseOutcome> {
    const { calls, memory, monotonicMs, settled } = this.ports;
    await settled();
    const outcome = await calls.endCall(callSid);
    memory.ended({ kind: 'end-call', callSid }, monotonicMs());
    return outcome;
  }

  async heartbeat(callSid: string): Promise<HeartbeatOutcome> {
    await this.ports.settled();
    return this.ports.calls.heartbeat(callSid);
  }
}
