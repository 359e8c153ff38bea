import { fixedSecrets, type SecretSource } from './secrets';
import type { Settings } from './settings';

let active: Settings | undefined;
let activeSource: SecretSource | undefined;

/**
 * Makes these the settings of this process. The start of an application calls it once, before any module is built,
 * so that a module can ask for settings without every importer passing them on.
 *
 * @param secrets where secrets are looked up; those of the settings unless given
 */
export function activateSettings(settings: Settings, secrets: SecretSource = fixedSecrets(settings)): void {
  active = settings;
  activeSource = secrets;
}

/** @throws Error where nothing was activated: a mistake in the order of the start */
export function activeSettings(): Settings {
  if (!active) throw new Error('settings are asked for before activateSettings() was called');
  return active;
}

/** @throws Error as `activeSettings` */
export function activeSecrets(): SecretSource {
  if (!activeSource) throw new Error('secrets are asked for before activateSettings() was called');
  return activeSource;
}
