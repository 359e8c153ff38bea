import type { ReplicationBarrier } from '@smart-router/redis';
import { type BackOffPolicy, type Clock, PeriodicLoop } from '@smart-router/scheduling';
import { StoreUnavailableError, WrongStoreError } from '../domain/errors';
import type { EvictionRisk, MemoryLimit, StoreObserver } from '../domain/store-observer';
import { evictionRisk, memoryLimit } from './eviction-risk';
import type { StoreIdentity } from './store-identity';
import type { WriteRefusals } from './write-refusals';

const INTERVAL_MS = 5_000;
const BACK_OFF: BackOffPolicy = { firstMs: 1_000, maxMs: INTERVAL_MS, jitter: 'half' };

const RISKS: readonly EvictionRisk[] = ['none', 'without-limit', 'unknown', 'possible'];

interface StoreWatchPorts {
  readonly identity: StoreIdentity;
  /** The answers of all nodes to `INFO memory`. */
  readonly memoryInfo: () => Promise<readonly string[]>;
  /** `null` where no replica has to have a change. */
  readonly barrier: Pick<ReplicationBarrier, 'observe' | 'coverage'> | null;
  /** Whether Redis does not accept the credentials that were given last. */
  readonly areCredentialsRefused: () => boolean;
  /** Whether the last change could not be announced. */
  readonly isHintRefused: () => boolean;
  /** A write that changes nothing. */
  readonly probe: () => Promise<void>;
  readonly refusals: Pick<WriteRefusals, 'current'>;
  readonly observer: StoreObserver;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Looks again and again for what makes Redis unfit to keep calls, and reports each change. */
export class StoreWatch {
  private risk: EvictionRisk = 'unknown';
  private hasLooked = false;
  private isPartlyCovered = false;
  private end = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly ports: StoreWatchPorts) {}

  /** What makes the store less safe than it should be, or unfit, as codes. */
  get warnings(): readonly string[] {
    return [
      ...(this.risk === 'unknown' ? ['EVICTION_UNKNOWN'] : []),
      ...(this.risk === 'possible' ? ['EVICTION_POSSIBLE'] : []),
      ...(this.isPartlyCovered ? ['WAIT_BELOW_REPLICAS'] : []),
      ...(this.ports.areCredentialsRefused() ? ['CREDENTIALS_REFUSED'] : []),
      ...(this.ports.isHintRefused() ? ['HINTS_REFUSED'] : []),
      ...(this.ports.refusals.current !== null ? ['STORE_REFUSES_WRITES'] : []),
      ...(this.ports.identity.isWrong ? ['WRONG_STORE'] : []),
    ];
  }

  /**
   * Looks from now on until `stop`, after which it may be called again. Any other failure passes, and the requests report
   * it meanwhile. @throws WrongStoreError
   */
  async start(): Promise<void> {
    const { clock, identity, random } = this.ports;
    this.end = new AbortController();
    await identity.verify().catch((error: unknown) => {
      if (error instanceof WrongStoreError) throw error;
    });
    const loop = new PeriodicLoop(() => this.look(), {
      intervalMs: INTERVAL_MS,
      backOff: BACK_OFF,
      clock,
      random,
      // An outage is logged by the connection, another store by its observer.
      onFailure: () => undefined,
    });
    this.running = loop.run(this.end.signal);
  }

  stop(): Promise<void> {
    this.end.abort();
    return this.running;
  }

  /** What cannot be found out hides nothing of the rest. @throws StoreUnavailableError */
  async look(): Promise<void> {
    const looks = [
      () => this.lookAtIdentity(),
      this.ports.probe,
      () => this.lookAtReplicas(),
      () => this.lookAtMemory(),
    ];
    const failures: unknown[] = [];
    for (const look of looks) await look().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  private async lookAtIdentity(): Promise<void> {
    await this.ports.identity.verify().catch((error: unknown) => {
      if (!(error instanceof WrongStoreError)) throw error;
    });
  }

  private async lookAtReplicas(): Promise<void> {
    const { barrier, observer } = this.ports;
    if (!barrier) return;
    await barrier.observe();
    const { confirmedBy, replicas } = barrier.coverage;
    if (confirmedBy < replicas === this.isPartlyCovered) return;
    this.isPartlyCovered = !this.isPartlyCovered;
    observer.waitBelowReplicas(this.isPartlyCovered, { confirmedBy, replicas });
  }

  private async lookAtMemory(): Promise<void> {
    const limits = await this.memoryLimits();
    const [worst] = [...limits].sort((a, b) => RISKS.indexOf(evictionRisk(b)) - RISKS.indexOf(evictionRisk(a)));
    const risk = worst ? evictionRisk(worst) : 'none';
    if (!worst || (this.hasLooked && risk === this.risk)) return;
    this.hasLooked = true;
    this.risk = risk;
    this.ports.observer.evictionRisk(risk, worst);
  }

  /** A server that refuses to say is not taken for a safe one. During an outage what was found last stays. */
  private async memoryLimits(): Promise<readonly MemoryLimit[]> {
    try {
      return (await this.ports.memoryInfo()).map(memoryLimit);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return [memoryLimit('')];
    }
  }
}

/** The command is forbidden to this user, or renamed. */
function isRefusal(error: unknown): boolean {
  const reply = error instanceof StoreUnavailableError ? error.cause : error;
  return reply instanceof Error && /^(NOPERM|ERR unknown command)/.test(reply.message);
}
