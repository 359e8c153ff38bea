/** `requests` go from the client to the server, `replies` back. */
export type Direction = 'requests' | 'replies';

export const DIRECTIONS: readonly Direction[] = ['requests', 'replies'];

/** How slow one direction is. Changes apply to what arrives from then on. */
export interface LineShape {
  latencyMs: number;
  /** Added to the latency, evenly spread from 0 to this. Order is kept. */
  jitterMs: number;
  /** `null`: no limit. */
  bytesPerSecond: number | null;
}

/** Ends one connection after `bytes` more bytes of one direction have passed. */
export interface Cut {
  readonly direction: Direction;
  readonly bytes: number;
  /** Only a connection on which a request with this text passes, from that request on; `null`: whichever comes first. */
  readonly afterRequest: string | null;
}

/** Replies that will be swallowed: each takes its connection with it. */
export interface DroppedReplies {
  remaining: number;
  /** Only the reply to a request that contains this text; `null`: whichever comes first. */
  readonly afterRequest: string | null;
}

/** What is wrong with the line now; one object for all connections of a proxy, read anew for every chunk. */
export interface LineConditions {
  readonly requests: LineShape;
  readonly replies: LineShape;
  isBlackholed: boolean;
  droppedReplies: DroppedReplies | null;
  /** Each is taken by the first connection with traffic in its direction. */
  readonly cuts: Cut[];
}

const goodShape = (): LineShape => ({ latencyMs: 0, jitterMs: 0, bytesPerSecond: null });

export function goodLine(): LineConditions {
  return { requests: goodShape(), replies: goodShape(), isBlackholed: false, droppedReplies: null, cuts: [] };
}

/** Nothing is wrong any more. */
export function healLine(line: LineConditions): void {
  Object.assign(line.requests, goodShape());
  Object.assign(line.replies, goodShape());
  line.isBlackholed = false;
  line.droppedReplies = null;
  line.cuts.length = 0;
}
