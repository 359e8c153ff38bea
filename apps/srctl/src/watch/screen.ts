// The other screen, no cursor, and no second line for what is too long; and the way back.
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const CTRL_C = '\u0003';

/** The alternate screen of the terminal, which is put back on every way out. */
export class Screen {
  private readonly leave = (): void => {
    process.stdout.write(LEAVE);
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
  };

  /** @param onKey called with each key; Ctrl-C is one of them */
  open(onKey: (key: string) => void): void {
    process.stdout.write(ENTER);
    process.once('exit', this.leave);
    if (!process.stdin.isTTY) return;
    process.stdin.setRawMode(true);
    process.stdin.setEncoding('utf8').on('data', onKey).resume();
  }

  /** Draws over what was there; lines that do not fit are left out. */
  draw(lines: readonly string[]): void {
    const shown = lines.slice(0, Math.max(1, process.stdout.rows - 1));
    process.stdout.write(HOME + shown.map((line) => `${line}${CLEAR_LINE}\n`).join('') + CLEAR_BELOW);
  }

  close(): void {
    process.off('exit', this.leave);
    this.leave();
    process.stdin.removeAllListeners('data').pause();
  }
}

/** Whether the key means that the person has seen enough. */
export function isQuit(key: string): boolean {
  return key === 'q' || key === CTRL_C;
}
