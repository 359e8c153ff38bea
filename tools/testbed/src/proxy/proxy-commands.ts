import { type Direction, DIRECTIONS } from './line-conditions';
import type { TcpFaultProxy } from './tcp-fault-proxy';

/** A command or one of its parameters is not right; the message says what would be. */
export class InvalidCommandError extends Error {
  readonly code = 'INVALID_COMMAND';
}

type Command = (proxy: TcpFaultProxy, parameters: URLSearchParams) => void | Promise<void>;

const COMMANDS: Readonly<Record<string, Command>> = {
  latency: (proxy, parameters) =>
    proxy.latency({
      ms: count(parameters, 'ms'),
      jitterMs: count(parameters, 'jitter_ms', 0),
      direction: direction(parameters),
    }),
  bandwidth: (proxy, parameters) => proxy.bandwidth(count(parameters, 'bytes_per_second'), direction(parameters)),
  blackhole: (proxy) => proxy.blackhole(),
  'drop-replies': (proxy, parameters) =>
    proxy.dropReplies(count(parameters, 'count', 1), parameters.get('after_request')),
  'cut-after': (proxy, parameters) =>
    proxy.cutAfter(count(parameters, 'bytes'), direction(parameters), parameters.get('after_request')),
  reset: (proxy) => proxy.reset(),
  'half-close': (proxy, parameters) => proxy.halfClose(direction(parameters)),
  refuse: (proxy) => proxy.refuse(),
  heal: (proxy) => proxy.heal(),
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** @throws InvalidCommandError */
export async function runCommand(proxy: TcpFaultProxy, name: string, parameters: URLSearchParams): Promise<void> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new InvalidCommandError(`unknown command, there are: ${COMMAND_NAMES.join(', ')}`);
  await command(proxy, parameters);
}

function count(parameters: URLSearchParams, name: string, fallback?: number): number {
  const text = parameters.get(name);
  if (text === null && fallback !== undefined) return fallback;
  if (text === null || !/^\d{1,9}$/.test(text)) throw new InvalidCommandError(`${name} must be a whole number`);
  return Number(text);
}

function direction(parameters: URLSearchParams): Direction | undefined {
  const text = parameters.get('direction');
  if (text === null) return undefined;
  const known = DIRECTIONS.find((one) => one === text);
  if (!known) throw new InvalidCommandError(`direction must be ${DIRECTIONS.join(' or ')}`);
  return known;
}
