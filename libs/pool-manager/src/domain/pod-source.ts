/** A pod as the source sees it now. */
export interface ObservedPod {
  readonly podName: string;
  /** One life of the pod name: another value means that the pod was restarted. */
  readonly incarnation: string;
  /** Whether it may take new calls. */
  readonly ready: boolean;
  /** It is on its way out: it gets no new calls, and keeps those that it has until it is gone. */
  readonly terminating: boolean;
  /**
   * Free-form facts for operators. They are stored when the pod is registered, restarts, or becomes ready or not ready;
   * a change of nothing else waits for the next of these.
   */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The source does not know which pods there are. This never means that there are none. */
export class PodSourceUnavailableError extends Error {
  readonly code = 'POD_SOURCE_UNAVAILABLE';

  constructor(source: string, cause: unknown) {
    super(`cannot list pods from ${source}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** What a source reports: which pod to look at again. */
export type PodChange =
  /** The pod is there, and may be in another state. */
  | { readonly kind: 'seen'; readonly podName: string }
  /** This pod was reported as deleted; it is not merely missing from a list. */
  | { readonly kind: 'gone'; readonly podName: string }
  /** Any pod may have changed: only `list` shows which. */
  | { readonly kind: 'any' };

/** What was reported of a pod. */
export type ReportedChange = Exclude<PodChange['kind'], 'any'>;

/** Where pods come from: the truth about which pods exist, as a whole and not as a stream of changes. */
export interface PodSource {
  /**
   * The complete set of pods as they were seen last, each name once, all of them valid (`isPodName`). A source that has
   * to be observed for that knows them while `observe` runs.
   * @param options.isFresh asks for the pods as they are now, which costs more
   * @throws PodSourceUnavailableError where the set is not known
   */
  list(signal: AbortSignal, options?: { readonly isFresh?: boolean }): Promise<readonly ObservedPod[]>;

  /** The pod as it was seen last, by `list` or by `observe`, without asking anybody; `null` where there is none. */
  recall(podName: string): ObservedPod | null;

  /** Why the pods in force may not be those that the source names now; `null` where nothing is wrong. */
  problem(): string | null;

  /**
   * Calls `onChange` whenever `list` may give another answer. A hint that saves waiting: it may come too often, and
   * a missed one is repaired by the next periodic fresh `list`.
   * @returns when the signal is aborted and nothing runs any more
   */
  observe(onChange: (change: PodChange) => void, signal: AbortSignal): Promise<void>;
}
