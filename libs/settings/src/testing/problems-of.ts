import { InvalidSettingsError } from '../invalid-settings-error';
import { loadSettings } from '../load-settings';
import type { AppName } from '../settings';

/** The mistakes that the start of this app would list; none where the environment is valid. */
export function problemsOf(env: Parameters<typeof loadSettings>[0], app: AppName = 'smart-router'): readonly string[] {
  try {
    loadSettings(env, app);
    return [];
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.problems;
    throw error;
  }
}
