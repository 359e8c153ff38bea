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
import { isUnknownStore, ownStoreScripts } from './own-store-scripts';
import type { ScriptCatalogue, ScriptName } from './script-catalogue';
import { readReply, type Reply } from './script-replies';
import type { StoreIdentity, InstanceId } from './store-identity';

interface StoreAccessParts {
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

/** A check that was shared may be older than the change that it is to notice, and the store may change once more. */
const MAX_ATTEMPTS = 4;

/** The one way to Redis: runs scripts and plain commands, and translates the failures of the store. */
export class RedisStoreAccess {
  readonly keys: KeyNames;
  /** Whether the hint of the last change was refused, so that the others learn of it later, by themselves. */
  isHintRefused = false;
  private identity: StoreIdentity | null = null;
  private readonly scripts: Readonly<Record<ScriptName, RunScript>>;

  constructor(private readonly parts: StoreAccessParts) {
    this.keys = parts.keys;
    this.scripts = ownStoreScripts(parts.connection, parts.catalogue);
  }

  /**
   * Runs a script on the node of `key`, in one round trip.
   * @param args the script's arguments
   */
  async run<Name extends ScriptName>(name: Name, key: string, ...args: (string | number)[]): Promise<Reply<Name>> {
    return readReply(name, await this.send(name, [key], args));
  }

  /** As {@link run}, for a change that a caller relies on: it counts when it is confirmed. */
  async runConfirmed<Name extends ScriptName>(
    name: Name,
    key: string,
    ...args: (string | number)[]
  ): Promise<Reply<Name>> {
    return readReply(name, await this.send(name, [key], args, this.parts.confirm));
  }

  /** As {@link run}, for what only the leader may do. @throws StaleEpochError */
  async runAsLeader<Name extends ScriptName>(
    name: Name,
    key: string,
    epoch: number,
    ...args: (string | number)[]
  ): Promise<Reply<Name>> {
    const reply = await this.send(name, [key], [epoch, ...args]);
    if (Array.isArray(reply) && reply[0] === 'stale-epoch') throw new StaleEpochError(epoch);
    return readReply(name, reply);
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
    const args = [mark, this.parts.holdsAfterLoss ? 1 : 0, mayBeginGeneration ? 1 : 0];
    try {
      return readReply('identifyStore', await this.scripts.identifyStore([this.keys.instance], args));
    } catch (error) {
      throw await this.translated(error);
    }
  }

  /** Reports keys that a script had to quarantine. */
  reportQuarantined(keys: readonly string[]): void {
    if (keys.length > 0) this.parts.observer.keysQuarantined(keys);
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
    const reply = await this.send('replaceTierConfig', keys, args, this.parts.confirm);
    const { isStored, hintRefusal } = readReply('replaceTierConfig', reply);
    if (isStored) this.noteHint(hintRefusal);
    return isStored;
  }

  /** Runs plain commands. @throws StoreUnavailableError */
  async command<Result>(send: (client: RedisClient) => Promise<Result>): Promise<Result> {
    if (this.identity?.isOwn === false) await this.identity.verify();
    try {
      return await send(this.parts.connection.client);
    } catch (error) {
      throw await this.translated(error);
    }
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

  /**
   * Runs a script in the own store. Where the mark is not the one that was seen last, the store is asked which one it is, and
   * the script is sent again if it is the own one.
   * @throws WrongStoreError if not, StoreUnavailableError
   */
  private async send(
    name: ScriptName,
    keys: readonly string[],
    args: readonly (string | number)[],
    confirm?: Confirm,
  ): Promise<ScriptReply> {
    const identity = this.identity as StoreIdentity;
    if (!identity.isOwn) await identity.verify();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.scripts[name](keys, [...args, this.keys.instance, identity.markText], confirm);
      } catch (error) {
        if (!isUnknownStore(error)) throw await this.translated(error);
        if (attempt === MAX_ATTEMPTS) throw new StoreUnavailableError(error, false);
        identity.markUnverified();
        await identity.verify({ mayBeginGeneration: false });
      }
    }
  }

  /** @returns StoreUnavailableError, StoreDamagedError in place of what Redis or the connection says; other errors as they are */
  private async translated(error: unknown): Promise<unknown> {
    if (isConnectionFailure(error)) {
      if (REFUSED.test(messageOf(error))) this.parts.observer.accessRefused(messageOf(error));
      const cause = await describeFailure(error, this.parts.connection);
      return new StoreUnavailableError(cause, !wasNeverSent(error));
    }
    const reason = foreignKeyReason(error);
    if (reason === null) return error;
    this.parts.observer.keyRefused(reason);
    return new StoreDamagedError(reason);
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
