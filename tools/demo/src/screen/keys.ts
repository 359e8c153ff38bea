/** What a key does; errors are said and end nothing. */
export interface KeyAction {
  readonly key: string;
  readonly help: string;
  readonly act: () => Promise<void> | void;
}

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

/**
 * Reads single keys, from a terminal or a pipe, until it is closed. `?` lists them.
 * @param quit called for `q`, Ctrl-C and Ctrl-D of a terminal
 */
export function readKeys(actions: readonly KeyAction[], quit: () => void, say: (line: string) => void) {
  const { stdin } = process;
  const byKey = new Map(actions.map((action) => [action.key, action]));
  const onKey = (key: string): void => {
    if (key === 'q' || key === CTRL_C || key === CTRL_D) return quit();
    const action = byKey.get(key);
    if (action) void act(action, say);
    else if (key.trim() !== '') say(helpText(actions));
  };
  const onData = (text: Buffer): void => {
    for (const key of text.toString()) onKey(key);
  };
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('data', onData);
  return {
    close: (): void => {
      stdin.off('data', onData);
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

export function helpText(actions: readonly KeyAction[]): string {
  const lines = [...actions.map(({ help, key }) => `  ${key}  ${help}`), '  ?  these keys', '  q  quit'];
  return `Keys:\n${lines.join('\n')}`;
}

async function act({ act: run, help }: KeyAction, say: (line: string) => void): Promise<void> {
  try {
    await run();
  } catch (error) {
    say(`could not "${help}": ${error instanceof Error ? error.message : String(error)}`);
  }
}
