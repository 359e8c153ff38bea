/** One line of an app's JSON log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** What of the output is JSON; other lines (a stack trace of Node, say) are not. */
export function parseLogs(output: readonly string[]): LogLine[] {
  return output.map(parseLine).filter((line) => line !== null);
}

function parseLine(line: string): LogLine | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    // A line that was cut off by a crash is text for `output`, not a log line.
    return null;
  }
}

export interface AppPorts {
  readonly http: number;
  readonly metrics: number;
}

/** The ports that the app has really bound, from the line that says that it serves. `null` before that line. */
export function boundPorts(logs: readonly LogLine[]): AppPorts | null {
  const ready = logs.find((line) => line['msg'] === 'ready');
  if (!ready) return null;
  const { http_port: http, metrics_port: metrics } = ready;
  if (typeof http !== 'number' || typeof metrics !== 'number') {
    throw new Error(`the line "ready" names no ports: ${JSON.stringify(ready)}`);
  }
  return { http, metrics };
}
