import { waitFor } from '@smart-router/testbed';
import type * as fc from 'fast-check';
import type { AllocateOutcome } from '../domain/calls';
import { StaleEpochError, StoreUnavailableError, UnknownPoolError } from '../domain/errors';
import type { RoutingStore } from '../domain/routing-store';
import type { MemoryRoutingStore } from '../memory/memory-routing-store';
import type { RedisHarness } from './redis-harness';
import { keyViolations } from './redis-integrity';
import { CALLS } from './store-command-values';
import { loadsOf, snapshotOf, violationsOf } from './store-snapshot';

/** The reference model: the memory store, which follows the real one in the choice of pods and in the numbers of grants. */
export interface Model {
  readonly store: MemoryRoutingStore;
  choose(podName: string | null, number: number | null): void;
  /** Numbers of the grants so far, the oldest first. */
  readonly numbers: readonly number[];
  advance(ms: number): void;
  epoch: number;
}

/** The store under test, and a second connection that does harm to the first. */
export interface Real {
  readonly harness: RedisHarness;
  /** Cuts every connection but its own. */
  cutConnections(): Promise<void>;
  flushScripts(): Promise<void>;
}

/** @param numbers of the grants so far, the oldest first */
export type Operation = (store: RoutingStore, epoch: number, numbers: readonly number[]) => Promise<unknown>;

/** The outcome as data: the errors that are part of the contract count as outcomes. */
async function outcomeOf(operation: Operation, store: RoutingStore, model: Model, numbers: readonly number[]) {
  try {
    return inCommonOrder(await operation(store, model.epoch, numbers));
  } catch (error) {
    if (error instanceof StaleEpochError || error instanceof UnknownPoolError) return error.code;
    throw error;
  }
}

/**
 * Times are each store's own, and so is whether a structure needed a repair; calls that ran out in the same
 * millisecond end in any order.
 */
function inCommonOrder(outcome: unknown): unknown {
  if (typeof outcome !== 'object' || outcome === null) return outcome;
  const { grant, expiresAt, endedCalls, endedDrains, ...rest } = outcome as Record<string, unknown>;
  delete rest['changed'];
  delete rest['storeTimeMs'];
  delete rest['upToNumber'];
  return {
    ...rest,
    ...(grant !== undefined && { grant: { ...(grant as object), allocatedAt: 0 } }),
    ...(expiresAt !== undefined && { expires: true }),
    ...(Array.isArray(endedCalls) && { endedCalls: endedCalls.map((call) => JSON.stringify(call)).sort() }),
    ...(Array.isArray(endedDrains) && { endedDrains: [...endedDrains].sort() }),
  };
}

function grantedPod(outcome: unknown): string | null {
  return (outcome as Partial<{ grant: { podName: string } }> | null)?.grant?.podName ?? null;
}

function grantNumber(outcome: unknown): number | null {
  return (outcome as Partial<{ grant: { number: number } }> | null)?.grant?.number ?? null;
}

abstract class StoreCommand implements fc.AsyncCommand<Model, Real> {
  constructor(private readonly label: string) {}

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    const loadsBefore = loadsOf(await snapshotOf(model.store));
    await this.act(model, real);
    const snapshot = await snapshotOf(real.harness.store, CALLS);
    expect(snapshot).toEqual(await snapshotOf(model.store, CALLS));
    expect(violationsOf(snapshot, loadsBefore)).toEqual([]);
    expect(await keyViolations(real.harness.connection, real.harness.prefix)).toEqual([]);
  }

  protected abstract act(model: Model, real: Real): Promise<void>;

  toString(): string {
    return this.label;
  }
}

/** One operation on both stores, with the same outcome. */
export class Operate extends StoreCommand {
  constructor(
    label: string,
    private readonly operation: Operation,
  ) {
    super(label);
  }

  protected async act(model: Model, real: Real): Promise<void> {
    const numbers = [...model.numbers];
    const outcome = await outcomeOf(this.operation, real.harness.store, model, numbers);
    model.choose(grantedPod(outcome), grantNumber(outcome));
    expect(outcome).toEqual(await outcomeOf(this.operation, model.store, model, numbers));
  }
}

/** An allocation whose connection breaks meanwhile: repeated until it is answered, it took one pod. */
export class AllocateWhileCut extends StoreCommand {
  constructor(
    private readonly callSid: string,
    private readonly chain: readonly string[],
  ) {
    super(`allocate ${callSid} from ${chain.join()} while the connection is cut`);
  }

  protected async act(model: Model, real: Real): Promise<void> {
    const command = { callSid: this.callSid, merchantId: '', knownMerchantConfig: null, chain: this.chain };
    const attempt = () =>
      real.harness.store.calls.allocate(command).catch((error: unknown) => {
        if (error instanceof StoreUnavailableError) return null;
        throw error;
      });
    const [first] = await Promise.all([attempt(), real.cutConnections()]);
    const answer: AllocateOutcome =
      first ?? (await waitFor(attempt, { description: `an answer for ${this.callSid}`, timeoutMs: 10_000 }));
    await waitFor(
      () =>
        real.harness.store.ping().then(
          () => true,
          () => false,
        ),
      { description: 'the connection' },
    );
    model.choose(grantedPod(answer), grantNumber(answer));
    const expected = await model.store.calls.allocate(command);
    expect(grantedPod(answer)).toEqual(grantedPod(expected));
    // An attempt that was not answered got the grant, and the answered one has met it.
    if (answer.kind === 'existing' && expected.kind === 'allocated') await model.store.calls.allocate(command);
  }
}

/** Harm to the real store, or time that passes on both. */
export class Disturb extends StoreCommand {
  constructor(
    label: string,
    private readonly disturb: (model: Model, real: Real) => Promise<void>,
  ) {
    super(label);
  }

  protected act(model: Model, real: Real): Promise<void> {
    return this.disturb(model, real);
  }
}
