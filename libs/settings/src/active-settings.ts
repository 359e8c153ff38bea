import type { Settings } from './settings';

let active: Settings | undefined;

/**
 * Makes these the settings of this process. The start of an application calls it once, before any module is built,
 * so that a module can ask for settings without every importer passing them on.
 */
export function activateSettings(settings: Settings): void {
  active = settings;
}

/** @throws Error where nothing was activated: a mistake in the order of the start */
export function activeSettings(): Settings {
  if (!active) throw new Error('settings are asked for before activateSettings() was called');
  return active;
}
