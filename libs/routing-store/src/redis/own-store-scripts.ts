import { type ClientHolder, defineScripts, type RunScript } from '@smart-router/redis';
import { StoreUnavailableError } from '../domain/errors';
import type { ScriptCatalogue, ScriptName } from './script-catalogue';
import ownStore from './scripts/includes/own-store.lua';
import type { StoreIdentity } from './store-identity';

/** A check that was shared may be older than the change that it is to notice, and the store may change once more. */
const MAX_ATTEMPTS = 4;

interface OwnStoreParts {
  readonly connection: ClientHolder;
  readonly catalogue: ScriptCatalogue;
  /** The key of the store's mark. */
  readonly instanceKey: string;
  /** Asked with each call. */
  readonly identity: () => StoreIdentity;
}

/**
 * The scripts as functions. Each but `identifyStore` compares the mark of the store before it does anything, in the same
 * round trip. Where it is not the one that was seen last, the store is asked which one it is, and the script is sent again
 * if it is the own one. The functions throw WrongStoreError if not, and StoreUnavailableError.
 */
export function ownStoreScripts(parts: OwnStoreParts): Readonly<Record<ScriptName, RunScript>> {
  const { identifyStore, ...others } = parts.catalogue;
  const guarded = Object.entries(others).map(([name, script]) => [
    name,
    { ...script, lua: `${ownStore}\n${script.lua}` },
  ]);
  const definitions = { ...Object.fromEntries(guarded), identifyStore } as ScriptCatalogue;
  const { identifyStore: identify, ...scripts } = defineScripts(parts.connection, definitions);
  const runs = Object.entries(scripts).map(([name, run]) => [name, runInOwnStore(run, parts)]);
  return { ...Object.fromEntries(runs), identifyStore: identify } as Record<ScriptName, RunScript>;
}

function runInOwnStore(run: RunScript, { identity, instanceKey }: OwnStoreParts): RunScript {
  return async (keys, args, confirm) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await run(keys, [...args, instanceKey, identity().markText], confirm);
      } catch (error) {
        if (!isUnknownStore(error)) throw error;
        if (attempt === MAX_ATTEMPTS) throw new StoreUnavailableError(error, false);
        identity().markUnverified();
        await identity().verify({ mayBeginGeneration: false });
      }
    }
  };
}

function isUnknownStore(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('UNKNOWNSTORE');
}
