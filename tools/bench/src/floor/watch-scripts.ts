import { Redis } from 'ioredis';
import { waitFor } from '@smart-router/testbed';
import { assertSuccess } from '../load/call-cycles';
import { HttpConnection } from '../load/http-connection';
import { allocateRequest, releaseRequest } from '../load/http-requests';
import { type CallScripts, scriptOf, type SentScript } from './sent-scripts';

const TIMEOUT_MS = 10_000;

/**
 * Has a build of the API serve a call, and watches what it sends to Redis. So whatever a build's scripts are and
 * however their arguments are ordered, they can be sent without it.
 * @param merchantId whose calls `allocate` is for
 */
export async function watchScripts(redisUrl: string, port: number, merchantId: string): Promise<CallScripts> {
  const client = new Redis(redisUrl);
  const monitor = await client.monitor();
  const commands: string[][] = [];
  monitor.on('monitor', (_time: string, command: string[], source: string) => {
    if (source !== 'lua') commands.push(command);
  });
  const connection = new HttpConnection(port);
  const sentFor = async (request: string, callSid: string): Promise<SentScript> => {
    commands.length = 0;
    assertSuccess(await connection.exchange(request));
    const isOfCall = (command: string[]): boolean => command.some((arg) => arg.includes(callSid));
    const command = await waitFor(() => commands.find(isOfCall), {
      timeoutMs: TIMEOUT_MS,
      description: 'Redis to report the script of a call',
    });
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
    monitor.disconnect();
    client.disconnect();
  }
}
