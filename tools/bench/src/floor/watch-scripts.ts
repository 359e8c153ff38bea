import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { waitFor } from '@smart-router/testbed';
import { assertSuccess } from '../load/call-cycles';
import { HttpConnection } from '../load/http-connection';
import { allocateRequest, releaseRequest } from '../load/http-requests';
import { type CallScripts, commandOf, scriptOf, type SentScript } from './sent-scripts';

const TIMEOUT_MS = 10_000;

/**
 * Has a build of the API serve a call, and watches what it sends to Redis. So whatever a build's scripts are and
 * however their arguments are ordered, they can be sent without it.
 * @param merchantId whose calls `allocate` is for
 */
export async function watchScripts(redisPort: number, apiPort: number, merchantId: string): Promise<CallScripts> {
  // ioredis takes what a busy Redis reports right after the start of MONITOR for an answer, and fails.
  const monitor = connect(redisPort, '127.0.0.1');
  const lines = createInterface(monitor);
  const started = once(lines, 'line');
  monitor.write('MONITOR\r\n');
  await started;
  const connection = new HttpConnection(apiPort);

  const sentFor = async (request: string, callSid: string): Promise<SentScript> => {
    const commands: string[][] = [];
    const watch = (line: string): void => {
      const command = line.includes(callSid) ? commandOf(line) : null;
      if (command) commands.push(command);
    };
    lines.on('line', watch);
    assertSuccess(await connection.exchange(request));
    const description = 'Redis to report the script of a call';
    const command = await waitFor(() => commands[0], { timeoutMs: TIMEOUT_MS, description });
    lines.off('line', watch);
    return scriptOf(command, callSid);
  };
  const serve = async (callSid: string): Promise<CallScripts> => {
    const allocate = await sentFor(allocateRequest(callSid, merchantId), callSid);
    return { allocate, release: await sentFor(releaseRequest(callSid), callSid) };
  };
  try {
    // With the first call of a merchant the API learns its config, and with that of a script that Redis has it.
    await serve(`first-${process.pid}-${Date.now()}`);
    return await serve(`watched-${process.pid}-${Date.now()}`);
  } finally {
    connection.close();
    lines.close();
    monitor.destroy();
  }
}
