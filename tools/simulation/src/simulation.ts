import { type CallOperation, HistoryChecker, type Violation } from '@smart-router/history-checker';
import { SeededRandom } from '@smart-router/testbed';
import { Caller } from './caller';
import { type Fault, planFaults, type Scenario } from './faults';
import { SimulatedLeader, type SimulatedPod } from './leader';
import { PROTOCOLS, type ProtocolName } from './protocol';
import { SimulatedProcess, type World } from './simulated-process';
import { SimulatedStore } from './simulated-store';
import { VirtualTime } from './virtual-time';

export interface SimulationResult {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly operations: number;
  readonly losses: number;
  /** What must not be, in words. Empty where all is well. */
  readonly violations: readonly string[];
  /** All that callers saw, in order, and what was done to the store. */
  readonly trace: readonly string[];
}

const CALLERS = 6;
/** This time after the last call, every request that was not answered was settled, and every hold is over. */
const SETTLED_AFTER_MS = 57_000;

/** One run: everything that happens in it follows from the seed. */
export async function simulate(seed: number, protocol: ProtocolName = 'as it is'): Promise<SimulationResult> {
  const run = new Run(seed, protocol);
  return run.finish();
}

class Run {
  private readonly random: SeededRandom;
  private readonly time = new VirtualTime();
  private readonly store: SimulatedStore;
  private readonly world: World;
  private readonly plan: ReturnType<typeof planFaults>;
  private readonly pods: readonly SimulatedPod[];
  private readonly processes: SimulatedProcess[] = [];
  private readonly history = new Map<string, CallOperation[]>();
  /** Calls that a process took part in that died. */
  private readonly touchedBy = new Map<string, Set<string>>();
  private readonly trace: string[] = [];
  private readonly late: string[] = [];
  private operations = 0;
  private awayUntilMs = 0;

  constructor(
    private readonly seed: number,
    protocol: ProtocolName,
  ) {
    this.random = new SeededRandom(seed);
    this.store = new SimulatedStore(this.time, this.random.fork(1));
    this.plan = planFaults(this.random.fork(2));
    this.pods = podsOf(this.plan.scenario, this.random.fork(3));
    const { quality } = this.plan;
    this.world = {
      time: this.time,
      store: this.store,
      random: this.random.fork(4),
      quality,
      protocol: PROTOCOLS[protocol],
      carriedOutLate: (delayMs) =>
        this.late.push(`late: a command was carried out ${Math.ceil(delayMs)} ms after it was sent`),
    };
  }

  async finish(): Promise<SimulationResult> {
    const leader = new SimulatedLeader('leader', this.world, this.pods);
    const apis = ['a', 'b', 'c'].map((name) => new SimulatedProcess(name, this.world));
    this.processes.push(leader, ...apis);
    for (const process of this.processes) process.start();
    for (const fault of this.plan.faults) this.time.after(fault.atMs, () => this.happen(fault));
    await this.time.runUntil(1_500);
    const { callsUntilMs } = this.plan;
    const callers = Array.from({ length: CALLERS }, (_, client) => this.caller(client).run(callsUntilMs));
    await this.time.runUntil(callsUntilMs + SETTLED_AFTER_MS);
    const ends = await Promise.all(callers.map((caller) => Promise.race([caller, Promise.resolve('waits')])));
    const stuck = ends.filter((end) => end !== 'ended').map(() => 'stuck: a caller was never answered');
    const violations = [...stuck, ...this.late, ...this.checkHistory(), ...(await this.checkEnd())];
    const { seed, trace, operations } = this;
    const losses = this.plan.faults.filter(({ kind }) => kind === 'fail-over' || kind === 'flush').length;
    return { seed, scenario: this.plan.scenario, operations, losses, violations, trace };
  }

  private caller(client: number): Caller {
    const random = this.random.fork(10 + client);
    const { time } = this;
    const chooseProcess = (): SimulatedProcess | null => {
      const serving = this.processes.filter((one) => one.isServing && !(one instanceof SimulatedLeader));
      return serving.length > 0 ? random.pick(serving) : null;
    };
    const chain = [...new Set(this.pods.map(({ pool }) => pool))];
    return new Caller(client, { time, random, chooseProcess, chain, record: (op, by) => this.record(op, by) });
  }

  private record(operation: CallOperation, by: string): void {
    const { callSid, op, result } = operation;
    this.operations += 1;
    this.history.set(callSid, [...(this.history.get(callSid) ?? []), operation]);
    this.touchedBy.set(callSid, (this.touchedBy.get(callSid) ?? new Set()).add(by));
    this.note(`${by} ${op} ${callSid} ${JSON.stringify(result)}`);
  }

  private note(text: string): void {
    this.trace.push(`${this.time.nowMs.toFixed(3)} ${text}`);
  }

  private happen(fault: Fault): void {
    this.note(JSON.stringify(fault));
    switch (fault.kind) {
      case 'fail-over':
        return this.failOver(fault);
      case 'flush':
        return this.store.forget(false);
      case 'cut':
        return this.cut(this.processes[fault.process % this.processes.length], fault.awayMs);
      case 'pause':
        return this.processes[fault.process % this.processes.length]?.pause(fault.ms);
      case 'kill':
        return this.apis()[fault.process % this.apis().length]?.kill();
      case 'join':
        return this.join();
    }
  }

  private apis(): SimulatedProcess[] {
    return this.processes.filter((one) => !(one instanceof SimulatedLeader));
  }

  private failOver({ lostMs, awayMs, reconnectMs, isEmpty }: Fault & { readonly kind: 'fail-over' }): void {
    for (const process of this.processes) process.connection.break(true);
    if (isEmpty) this.store.forget(true);
    else this.store.failOver(this.time.nowMs - lostMs);
    this.awayUntilMs = this.time.nowMs + awayMs;
    this.processes.forEach((process, index) => {
      const delayMs = awayMs + (reconnectMs[index % reconnectMs.length] ?? 0);
      this.time.after(delayMs, () => this.reconnect(process));
    });
  }

  private cut(process: SimulatedProcess | undefined, awayMs: number): void {
    if (!process?.connection.isOpen) return;
    process.connection.break(false);
    this.time.after(awayMs, () => this.reconnect(process));
  }

  private reconnect(process: SimulatedProcess): void {
    if (process.isAlive && !process.connection.isOpen) process.connection.open();
  }

  private join(): void {
    const process = new SimulatedProcess(`late-${this.processes.length}`, this.world);
    this.time.after(Math.max(0, this.awayUntilMs - this.time.nowMs), () => {
      this.processes.push(process);
      process.start();
    });
  }

  private checkHistory(): string[] {
    const checker = new HistoryChecker(new Map(this.pods.map(({ podName, max }) => [podName, max])));
    const dead = new Set(this.processes.filter(({ isAlive }) => !isAlive).map(({ name }) => name));
    for (const [callSid, operations] of this.history) {
      // What only a process knew that died is lost with it.
      const touched = [...(this.touchedBy.get(callSid) ?? [])];
      if (!touched.some((name) => dead.has(name))) checker.addCall(operations);
    }
    return checker.finish().violations.map(({ kind, message }: Violation) => `${kind}: ${message}`);
  }

  private async checkEnd(): Promise<string[]> {
    const { activeCalls, pools } = await this.store.read((store) => store.reader.fleetStats());
    const violations: string[] = [];
    const probe = await this.store.run((store) =>
      store.calls
        .allocate({ callSid: 'probe', merchantId: '', knownMerchantConfig: null, chain: pools.map(({ pool }) => pool) })
        .catch((error: unknown) => error),
    );
    if (probe instanceof Error) violations.push(`held: the hold does not end: ${probe.message}`);
    // A process that died has left what only it knew.
    if (this.processes.some(({ isAlive }) => !isAlive)) return violations;
    if (activeCalls !== 0) violations.push(`orphan: ${activeCalls} calls live when all have ended`);
    for (const { pool, assigned, available } of pools) {
      if (available !== assigned)
        violations.push(`orphan: ${assigned - available} pods of ${pool} are taken when all calls have ended`);
    }
    return violations;
  }
}

function podsOf(scenario: Scenario, random: SeededRandom): SimulatedPod[] {
  const exclusive = Array.from({ length: random.between(3, 6) }, (_, index) => ({
    podName: `gold-${index}`,
    pool: 'gold',
    max: 1,
  }));
  // Who had ended on a shared pod cannot be inferred: where the end is lost with a process, so is a call.
  if (scenario === 'processes die') return exclusive;
  const shared = Array.from({ length: random.between(0, 2) }, (_, index) => ({
    podName: `basic-${index}`,
    pool: 'basic',
    max: 2,
  }));
  return [...exclusive, ...shared];
}
