/** A part of a stream that ends with a line feed. */
type Line = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'oversized' };

const LINE_FEED = 0x0a;

/**
 * Cuts bytes into lines, whatever the pieces are that they arrive in. Remembers at most `maxBytes` of a line: a longer
 * one is reported as such once it ends, and what follows it is read as usual.
 */
export class LineSplitter {
  private parts: Uint8Array[] = [];
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  /** Bytes of a line that has not ended yet. */
  get pending(): number {
    return this.bytes;
  }

  /** @returns the lines that end in this chunk, without empty ones */
  push(chunk: Uint8Array): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      this.keep(chunk.subarray(start, end));
      lines.push(...this.take());
      start = end + 1;
    }
    this.keep(chunk.subarray(start));
    return lines;
  }

  private keep(part: Uint8Array): void {
    this.bytes += part.byteLength;
    if (this.bytes > this.maxBytes) this.parts = [];
    else if (part.byteLength > 0) this.parts.push(part);
  }

  private take(): Line[] {
    const oversized = this.bytes > this.maxBytes;
    const text = Buffer.concat(this.parts).toString('utf8').trim();
    this.parts = [];
    this.bytes = 0;
    if (oversized) return [{ kind: 'oversized' }];
    return text === '' ? [] : [{ kind: 'line', text }];
  }
}
