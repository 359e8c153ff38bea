import { type ClientHolder, defineScripts, type RunScript } from '@smart-router/redis';
import type { ScriptCatalogue, ScriptName } from './script-catalogue';
import ownStore from './scripts/includes/own-store.lua';

/**
 * The scripts as functions. Each but `identifyStore` compares the mark of the store before it does anything, in the same
 * round trip: its last two arguments are the key of the mark and what that must hold. Where it holds something else nothing
 * is done, and the error is one of which {@link isUnknownStore} holds.
 */
export function ownStoreScripts(
  connection: ClientHolder,
  { identifyStore, ...others }: ScriptCatalogue,
): Readonly<Record<ScriptName, RunScript>> {
  const guarded = Object.entries(others).map(([name, script]) => [
    name,
    { ...script, lua: `${ownStore}\n${script.lua}` },
  ]);
  return defineScripts(connection, { ...Object.fromEntries(guarded), identifyStore } as ScriptCatalogue);
}

/** Whether a script was not run since the mark of the store was another one. */
export function isUnknownStore(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('UNKNOWNSTORE');
}
