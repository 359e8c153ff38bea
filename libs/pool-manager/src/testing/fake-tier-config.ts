import type { TierConfig } from '@smart-router/tier-config';
import type { LeaderControllerPorts } from '../domain/leader-controller';

type Port = LeaderControllerPorts['tierConfig'];

/** The tier config as a test sets it, `null` for none that was read from the store. */
export class FakeTierConfig implements Port {
  /** How often it was asked to store the config again. */
  restores = 0;
  readonly listeners = new Set<(config: TierConfig) => void>();

  constructor(public config: TierConfig | null) {}

  /** Puts the config in force and informs the listeners. */
  change(config: TierConfig): void {
    this.config = config;
    for (const listener of this.listeners) listener(config);
  }

  adopted(): TierConfig | null {
    return this.config;
  }

  async restore(): Promise<boolean> {
    this.restores++;
    return false;
  }

  onChange(listener: (config: TierConfig) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
