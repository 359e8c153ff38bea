/** How often each kind of fault was injected. */
export class FaultCounts {
  readonly counts: Record<string, number> = {};

  add(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  of(name: string): number {
    return this.counts[name] ?? 0;
  }
}
