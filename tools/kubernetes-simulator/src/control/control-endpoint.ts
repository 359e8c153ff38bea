import type { RequestLog } from '../http/request-log';
import { COMMAND_NAMES, type Controlled, runCommand } from './control-commands';
import { InvalidCommandError } from './control-parameters';

/** Below this path the simulator answers about itself. */
export const CONTROL_PATH = '/simulator';

export interface ControlAnswer {
  readonly status: number;
  readonly body: object;
}

const LAST_REQUESTS = 20;

/** Each command is a POST; GET lists the commands, the faults that wait and the last requests. */
export async function answerControl(
  controlled: Controlled,
  log: RequestLog,
  method: string,
  { pathname, searchParams }: URL,
): Promise<ControlAnswer> {
  const name = pathname.slice(CONTROL_PATH.length + 1);
  if (method === 'GET' && name === '') return { status: 200, body: describe(controlled, log) };
  if (method !== 'POST') return { status: 405, body: { error: 'a command is a POST' } };
  try {
    await runCommand(controlled, name, searchParams);
    return { status: 200, body: { done: name } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { status: error instanceof InvalidCommandError ? 400 : 500, body: { error: message } };
  }
}

function describe({ faults }: Controlled, log: RequestLog): object {
  return {
    commands: COMMAND_NAMES,
    faults_left: faults.left,
    watches: faults.watches.count(),
    requests: log.all.slice(-LAST_REQUESTS).map(({ method, url, status }) => `${method} ${url} ${status ?? '-'}`),
  };
}
