import { Child, type ChildFailedError, type ChildPlan } from './child';

/** All processes of the demo. */
export class Children {
  private readonly all = new Set<Child>();
  private report: (error: ChildFailedError) => void = () => undefined;
  /** Rejects when one of them has ended by itself. */
  readonly failure = new Promise<never>((_, reject) => (this.report = reject));

  /** @param say takes lines for people */
  constructor(private readonly say: (line: string) => void) {
    // Whoever waits for it gets it; before that it is no error of its own.
    this.failure.catch(() => undefined);
  }

  /** Does not start it. */
  add(plan: ChildPlan): Child {
    const child = new Child(plan, (error) => this.report(error), this.say);
    this.all.add(child);
    return child;
  }

  /** It has ended and does not come back. */
  forget(child: Child): void {
    this.all.delete(child);
  }

  /** Ends whatever still runs, at once. */
  async killAll(): Promise<void> {
    await Promise.all([...this.all].map((child) => child.kill()));
  }
}
