import type { LeaderView } from '../domain/fleet-reader';
import type { LeaderEpochs } from '../domain/leader-epochs';
import type { LeaderLease } from '../domain/leader-lease';
import type { FleetState } from './fleet-state';

/** Epochs, and who announced to lead. */
export class MemoryLeadership implements LeaderEpochs {
  private nextEpoch = 1;
  private announcement: (LeaderView & { readonly until: number }) | null = null;

  constructor(private readonly state: FleetState) {}

  async claimEpoch(): Promise<number> {
    return this.nextEpoch++;
  }

  async announceLeader(epoch: number, identity: string, ttlMs: number): Promise<{ renewed: boolean }> {
    this.state.admit(epoch);
    const current = this.leader();
    const renewed = current?.epoch === epoch;
    const since = renewed ? current.since : this.state.now();
    this.announcement = { identity, epoch, since, until: this.state.now() + ttlMs };
    return { renewed };
  }

  async resignLeader(epoch: number): Promise<void> {
    if (this.announcement?.epoch === epoch) this.announcement = null;
  }

  leader(): LeaderView | null {
    if (!this.announcement || this.announcement.until <= this.state.now()) return null;
    const { identity, epoch, since } = this.announcement;
    return { identity, epoch, since };
  }
}

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
