import type { Socket } from 'node:net';
import { type Cut, DIRECTIONS, type Direction, type LineConditions } from './line-conditions';
import { ShapedPipe } from './shaped-pipe';

/** One client's connection through the proxy, and the connection to the server that belongs to it. */
export class ProxiedConnection {
  private readonly pipes: Readonly<Record<Direction, ShapedPipe>>;
  /** The reply to come is swallowed, and the connection ends with it. */
  private isDoomed = false;
  /** A stream with a hole in it must not continue when the line is healed. */
  private hasLostBytes = false;
  private cut: { readonly direction: Direction; bytesLeft: number } | null = null;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly line: LineConditions,
    random: () => number,
  ) {
    this.pipes = {
      requests: new ShapedPipe(client, server, line.requests, random),
      replies: new ShapedPipe(server, client, line.replies, random),
    };
    for (const direction of DIRECTIONS) this.forward(direction);
  }

  /** RST to both sides: whatever was on its way is lost. */
  reset(): void {
    for (const direction of DIRECTIONS) this.pipes[direction].discard();
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  /** Ends the stream of one direction for its reader, while the other direction continues. */
  halfClose(direction: Direction): void {
    this.pipes[direction].end();
  }

  /** To be called after the line was healed. */
  resetIfBroken(): void {
    if (this.hasLostBytes) this.reset();
  }

  private forward(direction: Direction): void {
    const [source, sink] = direction === 'requests' ? [this.client, this.server] : [this.server, this.client];
    source.on('data', (bytes: Buffer) => this.take(direction, bytes));
    source.on('end', () => this.unlessBlackholed(() => this.pipes[direction].end()));
    source.on('error', () => {
      // 'close' follows, and the other side learns of it there.
    });
    source.on('close', (hadError) =>
      this.unlessBlackholed(() => {
        if (hadError || !source.readableEnded) {
          this.pipes[direction].discard();
          sink.resetAndDestroy();
        }
      }),
    );
  }

  private unlessBlackholed(act: () => void): void {
    if (this.line.isBlackholed) this.hasLostBytes = true;
    else act();
  }

  private take(direction: Direction, bytes: Buffer): void {
    this.unlessBlackholed(() => {
      if (direction === 'requests') this.doomIfChosen(bytes);
      else if (this.swallows()) return this.reset();
      const cut = this.cutOf(direction, bytes);
      if (!cut || cut.bytesLeft > bytes.length) {
        if (cut) cut.bytesLeft -= bytes.length;
        return this.pipes[direction].send(bytes);
      }
      this.pipes[direction].send(bytes.subarray(0, cut.bytesLeft));
      return this.finishCut(direction);
    });
  }

  private doomIfChosen(request: Buffer): void {
    const dropped = this.line.droppedReplies;
    if (!dropped || dropped.remaining === 0 || this.isDoomed || dropped.afterRequest === null) return;
    if (!request.includes(dropped.afterRequest)) return;
    dropped.remaining--;
    this.isDoomed = true;
  }

  private swallows(): boolean {
    const dropped = this.line.droppedReplies;
    if (this.isDoomed) return true;
    if (!dropped || dropped.remaining === 0 || dropped.afterRequest !== null) return false;
    dropped.remaining--;
    return true;
  }

  private cutOf(direction: Direction, bytes: Buffer): { bytesLeft: number } | null {
    if (!this.cut) {
      const isChosen = (cut: Cut): boolean =>
        cut.afterRequest === null
          ? cut.direction === direction
          : direction === 'requests' && bytes.includes(cut.afterRequest);
      const index = this.line.cuts.findIndex(isChosen);
      const [cut] = index < 0 ? [] : this.line.cuts.splice(index, 1);
      this.cut = cut ? { direction: cut.direction, bytesLeft: cut.bytes } : null;
    }
    return this.cut?.direction === direction ? this.cut : null;
  }

  /** A FIN, since an RST could overtake the bytes that were let through. */
  private finishCut(direction: Direction): void {
    const [source, sink] = direction === 'requests' ? [this.client, this.server] : [this.server, this.client];
    this.pipes[direction].end();
    source.removeAllListeners('data').resume();
    sink.once('finish', () => {
      sink.destroySoon();
      source.resetAndDestroy();
    });
  }
}
