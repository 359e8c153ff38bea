import {
  GrantJournal,
  GrantReplay,
  JournalingCallStore,
  OutcomeSettler,
  type ReplayObserver,
  UnknownOutcomes,
} from '@smart-router/allocator';
import { type CallLedger, type RoutingStore, StoreRecovery } from '@smart-router/routing-store';
import type { Clock } from '@smart-router/scheduling';
import type { SeededRandom } from '@smart-router/testbed';
import { COMMAND_TIMEOUT_MS, Connection, type ConnectionPorts, type LineQuality } from './connection';
import type { Protocol } from './protocol';
import { type SimulatedStore, TIMINGS } from './simulated-store';
import type { VirtualTime } from './virtual-time';

const MAX_WAIT_MS = 668;
/** The port opens when calls can be placed, or after this time. */
const LONGEST_START_MS = 2_500;
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const UNOBSERVED: ReplayObserver = {
  grantReasserted: () => undefined,
  endReasserted: () => undefined,
  grantAbandoned: () => undefined,
  requestDropped: () => undefined,
  entryDropped: () => undefined,
};

export interface World {
  readonly time: VirtualTime;
  readonly store: SimulatedStore;
  readonly random: SeededRandom;
  readonly quality: LineQuality;
  readonly protocol: Protocol;
  /** See {@link ConnectionPorts}. */
  readonly carriedOutLate: (delayMs: number) => void;
}

/** One process: the real journal, replay and recovery of the product on a simulated clock and connection. */
export class SimulatedProcess {
  readonly connection: Connection;
  readonly recovery: StoreRecovery;
  readonly calls: CallLedger;
  /** Of its life: it has ended, or stands still, and since then nothing runs in it. */
  private state: 'running' | 'paused' | 'dead' = 'running';
  private queued: (() => void)[] = [];
  private isPortOpen = false;

  constructor(
    readonly name: string,
    protected readonly world: World,
  ) {
    const { carriedOutLate, protocol, quality, random, store, time } = world;
    const deliver: ConnectionPorts['deliver'] = (run) => this.deliver(run);
    this.connection = new Connection({ time, store, random, quality, deliver, carriedOutLate });
    const clock = this.clock();
    const { calls, recovery } = protocol.store(storePorts(this.connection));
    const ports = { store: recovery, clock, logger: SILENT, observer: { generationChanged() {}, callsHeld() {} } };
    this.recovery = new StoreRecovery({ ...ports, random: () => random.next() }, name);
    const journal = new GrantJournal({ windowMs: 30_000, maxEntries: 1_000 });
    const outcomes = new UnknownOutcomes({ maxEntries: 1_000, leaseMs: TIMINGS.leaseMs }, () => undefined);
    const parts = { store: recovery, journal, outcomes, clock, logger: SILENT, observer: UNOBSERVED };
    this.recovery.add(new GrantReplay(parts));
    if (protocol.settlesOutcomes) this.recovery.add(new OutcomeSettler(parts));
    const options = { process: name, commandTimeoutMs: COMMAND_TIMEOUT_MS, maxWaitMs: MAX_WAIT_MS };
    this.calls = new JournalingCallStore({ calls, journal, outcomes, recovery: this.recovery, clock }, options);
  }

  get isAlive(): boolean {
    return this.state !== 'dead';
  }

  /** Whether it is sent requests. */
  get isServing(): boolean {
    return this.isAlive && this.isPortOpen;
  }

  start(): void {
    this.connection.open();
    this.recovery.start();
    void this.recovery.whenReady(LONGEST_START_MS).then(() => (this.isPortOpen = true));
  }

  kill(): void {
    this.state = 'dead';
    this.queued = [];
    this.connection.break(false);
  }

  pause(ms: number): void {
    if (this.state !== 'running') return;
    this.state = 'paused';
    this.world.time.after(ms, () => {
      if (this.state !== 'paused') return;
      this.state = 'running';
      for (const run of this.queued.splice(0)) run();
    });
  }

  protected clock(): Clock {
    const { time } = this.world;
    return {
      now: () => time.nowMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve();
          signal.addEventListener('abort', () => resolve(), { once: true });
          time.after(ms, () => this.deliver(resolve));
        }),
    };
  }

  /** Runs in the process what reaches it: now, when it continues, or never. */
  private deliver(run: () => void): void {
    if (this.state === 'running') run();
    else if (this.state === 'paused') this.queued.push(run);
  }
}

/** What a process uses of the store. */
export type StorePorts = Pick<RoutingStore, 'calls' | 'recovery'>;

const IN_TIME = { mayBeLate: false };

function storePorts(connection: Connection): StorePorts {
  const send = connection.send.bind(connection);
  return {
    calls: {
      allocate: (command) => send(({ calls }) => calls.allocate(command), IN_TIME),
      release: (callSid, limit) => send(({ calls }) => calls.release(callSid, limit), IN_TIME),
      endCall: (command) => send(({ calls }) => calls.endCall(command), IN_TIME),
      heartbeat: (callSid, limit) => send(({ calls }) => calls.heartbeat(callSid, limit), IN_TIME),
    },
    recovery: {
      reassertCall: (command) => send(({ recovery }) => recovery.reassertCall(command)),
      reassertRelease: (command) => send(({ recovery }) => recovery.reassertRelease(command)),
      reassertEnd: (command) => send(({ recovery }) => recovery.reassertEnd(command)),
      abandonGrant: (command) => send(({ recovery }) => recovery.abandonGrant(command)),
      checkGeneration: (report) => send(({ recovery }) => recovery.checkGeneration(report)),
      onReconnect: (listener) => connection.onReconnect(listener),
    },
  };
}
