import { createHash } from 'node:crypto';
import { types } from 'node:util';
import { Cluster } from 'ioredis';
import type { ClientHolder } from './client';
import { forgetArguments } from './errors';

export interface ScriptDefinition {
  /** The whole text, includes resolved. */
  readonly lua: string;
  /** Checked at every call; left out where the number varies. */
  readonly numberOfKeys?: number;
}

/** Called right after a script was sent, with its reply to come; settles when its effect is confirmed. */
export type Confirm = (reply: Promise<ScriptReply>) => Promise<void>;

/** What Lua can return. `nil` and `false` arrive as `null`, `true` as 1, numbers without their fraction. */
export type ScriptReply = string | number | null | readonly ScriptReply[];

/**
 * Runs the script in one round trip; in two the first time after Redis has lost its scripts (a restart, a failover,
 * SCRIPT FLUSH). On a cluster all keys must share one hash tag, and no script runs while their slot is moved to another node.
 * @param confirm waits for more than the reply; what it throws is thrown in place of the reply
 * @throws the error reply, without the arguments of the call
 */
export type RunScript = (
  keys: readonly string[],
  args: readonly (string | number)[],
  confirm?: Confirm,
) => Promise<ScriptReply>;

/** Gives each script a function under its name. Nothing is sent before the first call. */
export function defineScripts<Name extends string>(
  holder: ClientHolder,
  definitions: Readonly<Record<Name, ScriptDefinition>>,
): Readonly<Record<Name, RunScript>> {
  const names = Object.keys(definitions) as Name[];
  const runners = names.map((name) => [name, scriptRunner(holder, name, definitions[name])] as const);
  return Object.fromEntries(runners) as Record<Name, RunScript>;
}

function scriptRunner(holder: ClientHolder, name: string, { lua, numberOfKeys }: ScriptDefinition): RunScript {
  const hash = createHash('sha1').update(lua).digest('hex');
  return async (keys, args, confirm) => {
    if (numberOfKeys !== undefined && keys.length !== numberOfKeys) {
      throw new TypeError(`script ${name} takes ${numberOfKeys} keys, not ${keys.length}`);
    }
    const declared = holder.client instanceof Cluster ? [...keys, absentKey(keys)] : keys;
    try {
      return await confirmed(holder.client.evalsha(hash, declared.length, ...declared, ...args), confirm);
    } catch (error) {
      forgetArguments(error);
      if (!isMissingScript(error)) throw error;
    }
    try {
      // A missing script was not run, so that it is safe to send it again, this time as its text.
      return await confirmed(holder.client.eval(lua, declared.length, ...declared, ...args), confirm);
    } catch (error) {
      forgetArguments(error);
      throw error;
    }
  };
}

/**
 * A key that never exists, in the slot of the others. While a slot is moved, each of its two nodes refuses a script with
 * TRYAGAIN, before it runs, where of several keys one is missing. Without it the script would run until it met a key that
 * the other node holds, and leave half of its writes behind; or it would write there anew what has not arrived yet.
 */
function absentKey([key = '']: readonly string[]): string {
  return `${key}/absent`;
}

/** @returns the reply, once its effect is confirmed */
function confirmed(sent: Promise<unknown>, confirm: Confirm | undefined): Promise<ScriptReply> {
  const reply = sent as Promise<ScriptReply>;
  return confirm ? Promise.all([reply, confirm(reply)]).then(([value]) => value) : reply;
}

function isMissingScript(error: unknown): boolean {
  return types.isNativeError(error) && error.message.startsWith('NOSCRIPT');
}
