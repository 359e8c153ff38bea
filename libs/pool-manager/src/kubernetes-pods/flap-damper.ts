interface Readiness {
  ready: boolean;
  /** Since when it is as it is. */
  since: number;
  /** When it ceased to be ready, the latest last. */
  lapses: number[];
}

/** This many lapses within the window make a pod one that flaps. */
const LAPSES = 3;
const WINDOW_MS = 60_000;
/** A pod that flaps has to be ready for this time before it is believed. */
const HOLD_MS = 10_000;

/**
 * Keeps a pod from calls that is ready in one second and not in the next. The first lapses are taken as they come, and
 * that a pod is not ready is always believed at once; only after several lapses within a minute it has to stay ready for
 * a while. So a pod that flaps takes no calls and costs no more than a few writes a minute.
 */
export class FlapDamper {
  private readonly pods = new Map<string, Readiness>();

  /** @param incarnation of the pod @param now milliseconds of a clock that never goes back */
  note(incarnation: string, ready: boolean, now: number): void {
    const known = this.pods.get(incarnation);
    if (!known) {
      // What was never ready cannot have lapsed.
      if (ready) this.pods.set(incarnation, { ready, since: now, lapses: [] });
    } else if (known.ready !== ready) {
      if (known.ready) known.lapses = [...known.lapses.slice(1 - LAPSES), now];
      known.ready = ready;
      known.since = now;
    }
  }

  /** How long a pod that is ready is not to be believed; 0 for one that is. */
  heldForMs(incarnation: string, now: number): number {
    const known = this.pods.get(incarnation);
    if (!known?.ready || known.lapses.length < LAPSES || now - (known.lapses[0] ?? 0) > WINDOW_MS + HOLD_MS) return 0;
    return Math.max(0, known.since + HOLD_MS - now);
  }

  /** Forgets all pods but these. */
  keep(incarnations: ReadonlySet<string>): void {
    for (const incarnation of this.pods.keys()) if (!incarnations.has(incarnation)) this.pods.delete(incarnation);
  }
}
