import type { AllocateCommand, CallLedger, CommandLimit, EndCallCommand } from './calls';
import type { ChangeAuthor, ChangeContent, ChangeFilter, ChangeLog, ChangeNote } from './change-log';
import type { ConfigDocuments, Hint, Hints } from './config-documents';
import type { CallFilter, FleetReader, PageRequest, PodFilter } from './fleet-reader';
import type {
  AbandonGrantCommand,
  GenerationReport,
  GrantRecovery,
  ReassertCallCommand,
  ReassertEndCommand,
  ReassertReleaseCommand,
} from './grant-recovery';
import type { LeaderLease } from './leader-lease';
import type { MerchantConfigChange } from './merchant-documents';
import type { DrainOptions, ExpiryPolicy, PodDrains, PodRegistry, RegisterPodCommand } from './pods';
import type { PoolName, PoolPolicy } from './pool';
import type { RoutingStore, StoreOutage, WriteRefusal } from './routing-store';

/** One part for each port of the store; leadership is the part of the registry that knows no pods. */
export interface StoreParts {
  readonly calls: CallLedger;
  readonly recovery: GrantRecovery;
  readonly drains: PodDrains;
  readonly leadership: Pick<PodRegistry, 'claimEpoch' | 'announceLeader' | 'resignLeader'>;
  readonly lease: LeaderLease;
  readonly registry: Omit<PodRegistry, 'claimEpoch' | 'announceLeader' | 'resignLeader'>;
  readonly reader: FleetReader;
  readonly documents: ConfigDocuments;
  readonly changeLog: ChangeLog;
  readonly hints: Hints;
}

/** A store made of parts: each operation goes to the part whose port it belongs to. */
export abstract class ComposedStore implements RoutingStore {
  abstract readonly kind: RoutingStore['kind'];

  protected constructor(private readonly parts: StoreParts) {}

  abstract connect(signal?: AbortSignal): Promise<void>;
  abstract ping(): Promise<number>;
  abstract probe(): Promise<void>;
  abstract outage(): StoreOutage | null;
  abstract writeRefusal(): WriteRefusal | null;
  abstract warnings(): readonly string[];
  abstract close(): Promise<void>;

  allocate = (command: AllocateCommand) => this.parts.calls.allocate(command);
  release = (callSid: string, limit?: CommandLimit) => this.parts.calls.release(callSid, limit);
  endCall = (command: EndCallCommand) => this.parts.calls.endCall(command);
  heartbeat = (callSid: string, limit?: CommandLimit) => this.parts.calls.heartbeat(callSid, limit);

  reassertCall = (command: ReassertCallCommand) => this.parts.recovery.reassertCall(command);
  reassertRelease = (command: ReassertReleaseCommand) => this.parts.recovery.reassertRelease(command);
  reassertEnd = (command: ReassertEndCommand) => this.parts.recovery.reassertEnd(command);
  abandonGrant = (command: AbandonGrantCommand) => this.parts.recovery.abandonGrant(command);
  checkGeneration = (report: GenerationReport) => this.parts.recovery.checkGeneration(report);
  onReconnect = (listener: () => void) => this.parts.recovery.onReconnect(listener);

  drain = (podName: string, options?: DrainOptions) => this.parts.drains.drain(podName, options);
  undrain = (podName: string, by?: ChangeAuthor) => this.parts.drains.undrain(podName, by);

  claimEpoch = () => this.parts.leadership.claimEpoch();
  announceLeader = (epoch: number, identity: string, ttlMs: number) =>
    this.parts.leadership.announceLeader(epoch, identity, ttlMs);
  resignLeader = (epoch: number) => this.parts.leadership.resignLeader(epoch);

  readLease = () => this.parts.lease.readLease();
  replaceLease = (expected: string | null, text: string) => this.parts.lease.replaceLease(expected, text);

  configurePool = (epoch: number, pool: PoolName, policy: PoolPolicy) =>
    this.parts.registry.configurePool(epoch, pool, policy);
  removePool = (epoch: number, pool: PoolName) => this.parts.registry.removePool(epoch, pool);
  registerPod = (epoch: number, command: RegisterPodCommand) => this.parts.registry.registerPod(epoch, command);
  removePod = (epoch: number, podName: string, incarnation?: string) =>
    this.parts.registry.removePod(epoch, podName, incarnation);
  movePod = (epoch: number, podName: string, pool: PoolName, options: { onlyIdle: boolean }) =>
    this.parts.registry.movePod(epoch, podName, pool, options);
  repairPod = (epoch: number, podName: string) => this.parts.registry.repairPod(epoch, podName);
  findSuspects = (cursor: string | null) => this.parts.registry.findSuspects(cursor);
  sweepPool = (epoch: number, pool: PoolName, cursor: string | null) =>
    this.parts.registry.sweepPool(epoch, pool, cursor);
  sweepIndexes = (epoch: number, cursor: string | null) => this.parts.registry.sweepIndexes(epoch, cursor);
  expireLeases = (epoch: number, limit: number, judgement?: ExpiryPolicy) =>
    this.parts.registry.expireLeases(epoch, limit, judgement);

  fleetStats = () => this.parts.reader.fleetStats();
  fleetConditions = () => this.parts.reader.fleetConditions();
  pod = (podName: string) => this.parts.reader.pod(podName);
  pods = (request: PageRequest, filter?: PodFilter) => this.parts.reader.pods(request, filter);
  call = (callSid: string) => this.parts.reader.call(callSid);
  findCall = (callSid: string) => this.parts.reader.findCall(callSid);
  calls = (request: PageRequest, filter?: CallFilter) => this.parts.reader.calls(request, filter);

  readTierConfig = () => this.parts.documents.readTierConfig();
  createTierConfig = (text: string) => this.parts.documents.createTierConfig(text);
  replaceTierConfig = (expected: string | null, text: string, version: number, note: ChangeNote) =>
    this.parts.documents.replaceTierConfig(expected, text, version, note);
  tierConfigHistory = () => this.parts.documents.tierConfigHistory();
  readMerchantConfig = (merchantId: string) => this.parts.documents.readMerchantConfig(merchantId);
  changeMerchantConfig = (change: MerchantConfigChange) => this.parts.documents.changeMerchantConfig(change);
  merchantConfigHistory = (merchantId: string) => this.parts.documents.merchantConfigHistory(merchantId);
  merchantConfigs = (limit: number, cursor?: string) => this.parts.documents.merchantConfigs(limit, cursor);

  record = (note: ChangeNote, content: ChangeContent) => this.parts.changeLog.record(note, content);
  changes = (request: PageRequest, filter?: ChangeFilter) => this.parts.changeLog.changes(request, filter);

  publish = (hint: Hint) => this.parts.hints.publish(hint);
  subscribe = (hint: Hint, listener: () => void) => this.parts.hints.subscribe(hint, listener);
}
