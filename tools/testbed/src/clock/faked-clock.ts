import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether the clocks of single processes can be faked here: Linux with the program `faketime`. */
export function canFakeClocks(): boolean {
  return process.platform === 'linux' && preload() !== null;
}

/** The library that `faketime` puts before the system's; `null` where there is none. */
function preload(): string | null {
  const { status, stdout } = spawnSync('faketime', ['-f', '+0s', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** The clock of one process, which starts with the environment of this and follows what is set here. */
export class FakedClock {
  private readonly folder = mkdtempSync(join(tmpdir(), 'faked-clock-'));

  /** @param offset as libfaketime reads it: `+90s`, `-1h`; with ` x2` twice as fast from then on */
  constructor(
    offset: string,
    private readonly fakes: 'wall clock' | 'all clocks' = 'wall clock',
  ) {
    this.set(offset);
  }

  get env(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: preload() ?? '',
      FAKETIME_TIMESTAMP_FILE: this.file,
      // Otherwise a change of the file is seen ten seconds later.
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: this.fakes === 'wall clock' ? '1' : '0',
    };
  }

  /** The clock jumps to this distance from the real time, within a second. */
  set(offset: string): void {
    writeFileSync(this.file, `${offset}\n`);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get file(): string {
    return join(this.folder, 'faketimerc');
  }
}
