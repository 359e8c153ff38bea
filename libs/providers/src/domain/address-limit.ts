interface AddressLimitOptions {
  /** Within one window; 0: no limit. */
  readonly max: number;
  readonly windowMs: number;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
}

/** Addresses that are remembered, so that many of them cannot fill the memory; the oldest go first. */
const MAX_ADDRESSES = 10_000;

/** Counts what each address does within a window, which its first time begins. */
export class AddressLimit {
  private readonly windows = new Map<string, { count: number; readonly untilMs: number }>();

  constructor(private readonly options: AddressLimitOptions) {}

  isExceeded(address: string): boolean {
    const { max } = this.options;
    return max > 0 && (this.windowOf(address)?.count ?? 0) >= max;
  }

  count(address: string): void {
    const window = this.windowOf(address);
    if (window) window.count += 1;
    else this.begin(address);
  }

  private windowOf(address: string) {
    const window = this.windows.get(address);
    return window && window.untilMs > this.options.now() ? window : undefined;
  }

  private begin(address: string): void {
    this.windows.delete(address);
    const [oldest] = this.windows.keys();
    if (this.windows.size >= MAX_ADDRESSES && oldest !== undefined) this.windows.delete(oldest);
    this.windows.set(address, { count: 1, untilMs: this.options.now() + this.options.windowMs });
  }
}
