import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { PREFIX } from './fleet-names';

interface CatalogueFile {
  scriptCatalogue(keyPrefix: string): Readonly<Record<string, { readonly lua: string }>>;
}

/** The product's scripts, by name, as functions that send EVALSHA and nothing else. */
export interface LuaScripts {
  run(name: string, key: string, ...args: (string | number)[]): Promise<unknown>;
  sha(name: string): string;
}

/** Loads the product's own scripts, which were bundled beside this file, into Redis. */
export async function loadScripts(redis: Redis): Promise<LuaScripts> {
  const file = (await import(new URL('./script-catalogue.mjs', import.meta.url).href)) as CatalogueFile;
  const hashes = new Map<string, string>();
  for (const [name, { lua }] of Object.entries(file.scriptCatalogue(PREFIX))) {
    await redis.script('LOAD', lua);
    hashes.set(name, createHash('sha1').update(lua).digest('hex'));
  }
  const sha = (name: string): string => {
    const hash = hashes.get(name);
    if (hash === undefined) throw new Error(`the product has no script ${name}`);
    return hash;
  };
  return { sha, run: (name, key, ...args) => redis.evalsha(sha(name), 1, key, ...args) };
}
