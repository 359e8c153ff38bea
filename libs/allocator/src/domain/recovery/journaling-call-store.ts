import {
  type AllocateCommand,
  type AllocateOutcome,
  type CallLedger,
  type CommandLimit,
  type EndCallCommand,
  type EndCallOutcome,
  type HeartbeatOutcome,
  LateCommandError,
  type Readiness,
  type ReleaseOutcome,
  StoreHeldError,
  type StoreTimes,
  StoreUnavailableError,
} from '@smart-router/routing-store';
import type { Clock } from '@smart-router/scheduling';
import type { GrantJournal, JournaledEnd } from './grant-journal';
import type { UnknownOutcomes } from './unknown-outcomes';

interface JournalingCallStorePorts {
  readonly calls: CallLedger;
  readonly journal: GrantJournal;
  readonly outcomes: UnknownOutcomes;
  readonly recovery: {
    readonly times: StoreTimes;
    /** Whether calls may be sent now. */
    readonly isOpen: boolean;
    whenReady(timeoutMs: number): Promise<Readiness>;
    /** The store has answered otherwise than what is known of it: look again before the next operation. */
    recheck(): void;
  };
  readonly clock: Clock;
}

interface JournalingCallStoreOptions {
  /** A name that no other process has had; all are equally long. */
  readonly process: string;
  /** A caller is answered this long after the command was sent, whether or not the store has answered. */
  readonly commandTimeoutMs: number;
  /** The longest that an operation waits, all in all, while calls are held. */
  readonly maxWaitMs: number;
}

/** For this time after a request of unknown outcome its caller may come back for the pod. */
const COME_BACK_MS = 30_000;

/**
 * The store of calls as callers use it. It remembers what it acknowledges to them, and what it could not answer.
 *
 * Guarantees: nothing that was sent takes effect after its caller was answered otherwise, and nothing is sent before the
 * store's clock is known; an end that was not answered is carried out all the same; a grant that was not answered does not last.
 */
export class JournalingCallStore implements CallLedger {
  private requests = 0;

  constructor(
    private readonly ports: JournalingCallStorePorts,
    private readonly options: JournalingCallStoreOptions,
  ) {}

  async allocate(command: AllocateCommand): Promise<AllocateOutcome> {
    const { calls, clock, journal, outcomes } = this.ports;
    const { callSid, merchantId } = command;
    const request = `${this.options.process}${(++this.requests).toString(36)}`;
    let outcome: AllocateOutcome;
    try {
      outcome = await this.whenOpen((limit) => calls.allocate({ ...command, request, limit }));
    } catch (error) {
      if (isUnknown(error)) outcomes.addRequest({ callSid, request, dueMs: clock.now() + COME_BACK_MS });
      throw error;
    }
    if (outcome.kind === 'allocated' || outcome.kind === 'existing') {
      // The call keeps its owner, whoever else asks for it.
      const provider = outcome.kind === 'existing' ? outcome.provider : command.provider;
      journal.granted({ callSid, merchantId, grant: outcome.grant, ...(provider && { provider }) }, clock.now());
    }
    return outcome;
  }

  /** Also where the call is unknown it is acknowledged that it is over: a first try may have taken effect unanswered. */
  async release(callSid: string): Promise<ReleaseOutcome> {
    const { calls, clock, journal } = this.ports;
    const end = this.askedEnd({ kind: 'release', callSid } as const);
    const pending = this.whenOpen((limit) => calls.release(callSid, limit));
    const outcome = await this.untilAnswered(end, pending);
    if (outcome.kind === 'released') {
      journal.ended({ kind: 'release', callSid, upToNumber: outcome.grantNumber }, clock.now());
    } else if (outcome.upToNumber !== undefined) {
      journal.endedUnknown({ kind: 'release', callSid, upToNumber: outcome.upToNumber }, clock.now());
    }
    return outcome;
  }

  /** Also where the call is unknown: that it has ended is acknowledged all the same. */
  async endCall({ callSid, owners, maxUnknown }: EndCallCommand): Promise<EndCallOutcome> {
    const { calls, clock, journal } = this.ports;
    const asked = { kind: 'end-call', callSid, owners } as const;
    const end = this.askedEnd(asked);
    const command = { callSid, owners, ...(maxUnknown !== undefined && { maxUnknown }) };
    const pending = this.whenOpen((limit) => calls.endCall({ ...command, limit }));
    const outcome = await this.untilAnswered(end, pending);
    const upToNumber = end?.upToNumber ?? 0;
    if (outcome.kind === 'released') {
      journal.ended({ ...asked, upToNumber: Math.max(outcome.grantNumber, upToNumber) }, clock.now());
    } else if (outcome.kind === 'unknown-call') {
      journal.endedUnknown({ ...asked, upToNumber }, clock.now());
    }
    return outcome;
  }

  heartbeat(callSid: string): Promise<HeartbeatOutcome> {
    return this.whenOpen((limit) => this.ports.calls.heartbeat(callSid, limit));
  }

  /**
   * The end that is asked for now. Of a grant that is given while the request is under way nobody can mean the end.
   * `null` while nothing is known of the store's clock, so that nothing was granted that this process could know.
   */
  private askedEnd<Asked>(asked: Asked) {
    const upToNumber = this.ports.recovery.times.latestUs();
    return upToNumber === null ? null : { ...asked, upToNumber };
  }

  /** What the caller wants to end is wanted whatever the answer. */
  private async untilAnswered<Outcome>(end: JournaledEnd | null, pending: Promise<Outcome>): Promise<Outcome> {
    const { clock, outcomes } = this.ports;
    try {
      return await pending;
    } catch (error) {
      if (end && error instanceof StoreUnavailableError) outcomes.addEnd(end, clock.now());
      throw error;
    }
  }

  /**
   * Waits while calls are held, by this process or by the store.
   * @throws StoreHeldError where that takes too long, StoreUnavailableError while nothing is known of the store's clock
   */
  private async whenOpen<Outcome>(send: (limit: CommandLimit) => Promise<Outcome>): Promise<Outcome> {
    const { clock, recovery } = this.ports;
    const untilMs = clock.now() + this.options.maxWaitMs;
    // Once, as the store's clock may have been set.
    let mayBeLate = true;
    for (;;) {
      // Usually there is nothing to wait for.
      if (!recovery.isOpen && (await recovery.whenReady(untilMs - clock.now())) === 'recovering')
        throw new StoreHeldError();
      try {
        return await send(this.limit());
      } catch (error) {
        if (error instanceof LateCommandError && mayBeLate) mayBeLate = false;
        else if (!(error instanceof StoreHeldError)) throw error;
        recovery.recheck();
        if (clock.now() >= untilMs) throw error;
      }
    }
  }

  /** Without a limit a command could take effect at any time: a process whose first look is not answered sends none. */
  private limit(): CommandLimit {
    const nowMs = this.ports.recovery.times.earliestMs();
    if (nowMs === null) throw new StoreUnavailableError(new Error('the time of the store is not known yet'), false);
    return { notAfterMs: nowMs + this.options.commandTimeoutMs };
  }
}

/** Whether the command may have taken effect, or may still do. */
function isUnknown(error: unknown): boolean {
  if (error instanceof StoreHeldError || error instanceof LateCommandError) return false;
  return error instanceof StoreUnavailableError && error.mayHaveTakenEffect;
}
