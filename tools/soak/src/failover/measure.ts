import { FAULTS, type FaultName } from './faults';
import { startFleet } from './fleet';
import type { LoadOptions } from './load';
import type { Outcome } from './outcome';
import { SETTINGS, type SettingName } from './settings';

export interface RunOptions extends LoadOptions {
  /** The folder of the built apps. Default `dist/apps`. */
  readonly apps?: string;
  /** On top of the setting's. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One run, on servers and processes of its own. */
export async function measure(fault: FaultName, setting: SettingName, options: RunOptions = {}): Promise<Outcome> {
  const { pods, run, start } = FAULTS[fault];
  const redis = await start();
  try {
    const fleet = await startFleet(redis, { pods, apps: options.apps, env: { ...SETTINGS[setting], ...options.env } });
    try {
      return await run(redis, fleet, options);
    } finally {
      await fleet.stop();
    }
  } finally {
    await redis.stop();
  }
}
