import type { Schemas } from '@smart-router/api-client';
import { readFileSync } from 'node:fs';
import { usageFailure } from '../exit-codes';
import { toYaml } from '../output/output';

export type TierConfig = Schemas['TierConfigResponse'];
export type TierConfigChange = Schemas['TierConfigChange'];

/**
 * Reads a tier config, YAML or JSON, as an envelope (`tiers`, `version`, …). What is wrong inside is for the server to say.
 * @param path `-`: stdin
 * @throws `CommandFailure`
 */
export async function readTierDocument(path: string): Promise<TierConfigChange> {
  const document = await parsed(path);
  if (!isObject(document))
    throw usageFailure(`${path} holds no tier config`, 'srctl tier-config get -o yaml shows one');
  if (isObject(document['tiers'])) return document as TierConfigChange;
  throw usageFailure(`${path} has no tiers`, 'srctl tier-config get -o yaml shows the shape');
}

/** The lines that a diff compares: without what the server sets. */
export async function comparableLines(config: TierConfigChange): Promise<string[]> {
  const { default_chain, default_tier, dedicated_pools, tiers } = config;
  const parts = { tiers, dedicated_pools, default_chain, default_tier };
  const present = Object.entries(parts).filter(([, value]) => value !== undefined);
  return (await toYaml(Object.fromEntries(present))).trimEnd().split('\n');
}

async function parsed(path: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(readFileSync(path === '-' ? 0 : path, 'utf8'));
  } catch (error) {
    throw usageFailure(`${path} cannot be read: ${(error as Error).message.split('\n')[0]}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
