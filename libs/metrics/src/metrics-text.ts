/** How long a rendering is good for everybody on the API port. */
export const MAX_AGE_MS = 1_000;

/**
 * The metrics as text. Rendering takes a read of the store and milliseconds of the event loop, so at most one is under way,
 * and those who ask within `maxAgeMs` share it: its cost does not follow the number of requests.
 */
export class MetricsText {
  private renderedAt = -Infinity;
  private text: Promise<string> | null = null;

  /**
   * @param render makes the text anew
   * @param maxAgeMs 0: only requests that come while it is made share it
   * @param now a clock in milliseconds that never goes back
   */
  constructor(
    private readonly render: () => Promise<string>,
    private readonly maxAgeMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws what rendering throws, which nobody shares who asks later */
  read(): Promise<string> {
    if (this.text === null || this.now() - this.renderedAt >= this.maxAgeMs) this.text = this.renderOnce();
    return this.text;
  }

  private async renderOnce(): Promise<string> {
    // Not good any more before it is there: who asks meanwhile shares it all the same.
    this.renderedAt = Infinity;
    try {
      return await this.render();
    } catch (error) {
      this.text = null;
      throw error;
    } finally {
      this.renderedAt = this.now();
    }
  }
}
