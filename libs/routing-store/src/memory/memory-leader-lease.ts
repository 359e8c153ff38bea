import type { LeaderLease } from '../domain/leader-lease';

export class MemoryLeaderLease implements LeaderLease {
  private text: string | null = null;

  async readLease(): Promise<string | null> {
    return this.text;
  }

  async replaceLease(expected: string | null, text: string): Promise<boolean> {
    if (this.text !== expected) return false;
    this.text = text;
    return true;
  }
}
