import {
  type Confirm,
  describeFailure,
  isConnectionFailure,
  wasNeverSent,
  type ClientHolder,
  type OutageHolder,
  type RedisClient,
  type RunScript,
  type ScriptReply,
} from '@smart-router/redis';
import { StaleEpochError, StoreDamagedError, StoreUnavailableError } from '../domain/errors';
import type { StoreObserver } from '../domain/store-observer';
import type { KeyNames } from './key-names';
import { ownStoreScripts } from './own-store-scripts';
import type { ScriptCatalogue, ScriptName } from './script-catalogue';
import type { StoreIdentity, InstanceId } from './store-identity';

export interface StoreAccessParts {
  readonly connection: ClientHolder & OutageHolder;
  readonly keys: KeyNames;
  readonly catalogue: ScriptCatalogue;
  readonly observer: StoreObserver;
  /** What must be waited for until a change counts that callers rely on; nothing where it is left out. */
  readonly confirm?: Confirm;
  /** Whether calls are held once it is noticed that the store may have lost some. */
  readonly holdsAfterLoss: boolean;
}

/** Redis answers, and does not let this process in. */
const REFUSED = /^(NOPERM|NOAUTH|WRONGPASS)\b|The user executing the script can't/;

/** The one way to Redis: runs scripts and plain commands, and translates the failures of the store. */
export class RedisStoreAccess {
  readonly keys: KeyNames;
  /** Whether the hint of the last change was refused, so that the others learn of it later, by themselves. */
  isHintRefused = false;
  private identity: StoreIdentity | null = null;
  private readonly scripts: Readonly<Record<ScriptName, RunScript>>;

  constructor(private readonly parts: StoreAccessParts) {
    this.keys = parts.keys;
    const { catalogue, connection } = parts;
    const identity = (): StoreIdentity => this.identity as StoreIdentity;
    this.scripts = ownStoreScripts({ connection, catalogue, instanceKey: this.keys.instance, identity });
  }

  /**
   * Runs a script on the node of `key`, in one round trip.
   * @param args the script's arguments after the prefix
   */
  async run(name: ScriptName, key: string, ...args: (string | number)[]): Promise<Reply> {
    return new Reply(await this.execute(() => this.scripts[name]([key], [this.keys.prefix, ...args])));
  }

  /** As {@link run}, for a change that a caller relies on: it counts when it is confirmed. */
  async runConfirmed(name: ScriptName, key: string, ...args: (string | number)[]): Promise<Reply> {
    return new Reply(
      await this.execute(() => this.scripts[name]([key], [this.keys.prefix, ...args], this.parts.confirm)),
    );
  }

  /** As {@link run}, for what only the leader may do. @throws StaleEpochError */
  async runAsLeader(name: ScriptName, key: string, epoch: number, ...args: (string | number)[]): Promise<Reply> {
    const reply = await this.run(name, key, epoch, ...args);
    if (reply.kind === 'stale-epoch') throw new StaleEpochError(epoch);
    return reply;
  }

  /** From now on nothing is asked on a new connection before the store was identified. */
  guardBy(identity: StoreIdentity): void {
    this.identity = identity;
  }

  /**
   * The store's mark; the given one is left where it has none. Where the store may have lost something, its next
   * generation begins, if it may. @throws StoreUnavailableError
   */
  async identify(mark: string, mayBeginGeneration = true): Promise<InstanceId> {
    const args = [this.keys.prefix, mark, this.parts.holdsAfterLoss ? 1 : 0, mayBeginGeneration ? 1 : 0];
    const reply = new Reply(await this.translateErrors(() => this.scripts.identifyStore([this.keys.instance], args)));
    const [text, replicationId] = [reply.text(4), reply.text(5)];
    return { mark: reply.text(1), sinceMs: reply.number(2), nowMs: reply.number(3), text, replicationId };
  }

  /** Reports keys that a script had to quarantine. */
  reportQuarantined(keys: readonly string[]): void {
    if (keys.length > 0) this.parts.observer.keysSetAside(keys);
  }

  /** @param note what {@link noteArgs} makes of the change's note */
  async replaceTierConfig(
    [expected, text]: readonly [string | null, string],
    version: number,
    kept: number,
    note: readonly string[],
  ): Promise<boolean> {
    const { tierConfig, tierConfigVersion, tierConfigHistory, changes } = this.keys;
    const args = [expected ?? '', text, version, kept, this.keys.channel('tier-config-changed'), ...note];
    const keys = [tierConfig, tierConfigVersion, tierConfigHistory, changes];
    const reply = new Reply(await this.execute(() => this.scripts.replaceTierConfig(keys, args, this.parts.confirm)));
    if (reply.flag(0)) this.noteHint(reply.text(1));
    return reply.flag(0);
  }

  /** Runs plain commands. @throws StoreUnavailableError */
  command<Result>(send: (client: RedisClient) => Promise<Result>): Promise<Result> {
    return this.execute(() => send(this.parts.connection.client));
  }

  /** As {@link command}, for what writes: the store is asked first which one it is. @throws WrongStoreError */
  async write<Result>(send: (client: RedisClient) => Promise<Result>): Promise<Result> {
    await this.identity?.verify();
    return this.command(send);
  }

  /** @param refusal why the hint that went with a change was refused, empty where it was not */
  private noteHint(refusal: string): void {
    this.isHintRefused = refusal !== '';
    if (this.isHintRefused) this.parts.observer.hintRefused(refusal);
    else this.parts.observer.hintSent();
  }

  private async execute<Result>(send: () => Promise<Result>): Promise<Result> {
    if (this.identity !== null && !this.identity.isOwn) await this.identity.verify();
    return this.translateErrors(send);
  }

  /** @throws StoreUnavailableError, StoreDamagedError in place of what Redis or the connection says; other errors as they are */
  private async translateErrors<Result>(send: () => Promise<Result>): Promise<Result> {
    try {
      return await send();
    } catch (error) {
      if (isConnectionFailure(error)) {
        if (REFUSED.test(messageOf(error))) this.parts.observer.accessRefused(messageOf(error));
        const cause = await describeFailure(error, this.parts.connection);
        throw new StoreUnavailableError(cause, !wasNeverSent(error));
      }
      const reason = foreignKeyReason(error);
      if (reason === null) throw error;
      this.parts.observer.keyRefused(reason);
      throw new StoreDamagedError(reason);
    }
  }
}

/** Why a command or script could not use a key, without Redis's words on the script; `null` for any other error. */
function foreignKeyReason(error: unknown): string | null {
  const [, reason] = /^(?:FOREIGNKEY )?((?:WRONGTYPE|\S+ should be a) .*?)(?: script: |$)/.exec(messageOf(error)) ?? [];
  return reason ?? null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** What a script answered: a list whose first item names the outcome, unless its header says otherwise. */
export class Reply {
  constructor(private readonly value: ScriptReply) {}

  get isEmpty(): boolean {
    return this.value === null;
  }

  get kind(): string {
    return this.text(0);
  }

  text(index: number): string {
    return String(this.list()[index] ?? '');
  }

  number(index: number): number {
    return Number(this.list()[index] ?? 0);
  }

  flag(index: number): boolean {
    return this.number(index) === 1;
  }

  texts(index: number): string[] {
    return this.at(index).list().map(String);
  }

  /** The list at `index`, as a reply of its own. */
  at(index: number): Reply {
    return new Reply(this.list()[index] ?? []);
  }

  /** Each item of this list, as a reply of its own. */
  items(): Reply[] {
    return this.list().map((item) => new Reply(item));
  }

  private list(): readonly ScriptReply[] {
    return Array.isArray(this.value) ? (this.value as readonly ScriptReply[]) : [this.value as ScriptReply];
  }
}
