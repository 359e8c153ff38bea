import { isPodName } from '@smart-router/routing-store';
import type { SettingCheck } from '@smart-router/settings';

/** Reports names that no pod may have together with mistakes in other settings. */
export const staticPodsCheck: SettingCheck = {
  name: 'STATIC_PODS',
  problem(text) {
    const reserved = namesInList(text).filter((name) => !isPodName(name));
    if (reserved.length === 0) return undefined;
    return `must not hold names that are reserved: ${reserved.map((name) => JSON.stringify(name)).join(', ')}`;
  },
};

function namesInList(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
