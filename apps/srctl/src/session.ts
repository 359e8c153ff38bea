import { type ApiClient, createApiClient } from '@smart-router/api-client';
import type { Command } from 'commander';
import { chooseTarget, type Target } from './config/target';
import { environment } from './environment';
import { CommandFailure, EXIT, usageFailure } from './exit-codes';
import { type Format, Output } from './output/output';
import { parseDuration } from './output/times';

/** Options of every command. */
export interface GlobalOptions {
  readonly context?: string;
  readonly server?: string;
  readonly output: Format;
  readonly timeout: string;
  readonly color: boolean;
}

/** What a command works with: the API of its server, and the terminal. */
export interface Session {
  readonly target: Target;
  /** For requests that only look. */
  readonly api: ApiClient;
  /** For requests that change something. @throws `CommandFailure` in a context that is read-only */
  writer(): ApiClient;
  readonly out: Output;
}

/** A client with other limits, for a command that waits. */
export function openClient({ key, server }: Target, timeoutMs: number, retries?: number): ApiClient {
  return createApiClient({
    baseUrl: server,
    timeoutMs,
    ...(key !== undefined && { key }),
    ...(retries !== undefined && { retries }),
  });
}

async function openSession(options: GlobalOptions): Promise<Session> {
  const timeoutMs = parseDuration(options.timeout);
  if (timeoutMs === undefined) throw usageFailure(`"${options.timeout}" is no duration`, 'write it as 10s or 500ms');
  const target = await chooseTarget(options);
  const api = openClient(target, timeoutMs);
  return {
    ...{ target, api, out: outputOf(options) },
    writer: () => {
      if (!target.isReadOnly) return api;
      throw new CommandFailure(EXIT.refused, `${target.source} is read-only`, 'choose another one with --context');
    },
  };
}

/** Where `--no-color`, `NO_COLOR` or a terminal without colors say so, there are none. */
export function outputOf({ color, output }: Pick<GlobalOptions, 'color' | 'output'>): Output {
  const isColored = color && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  return new Output({ format: output, color: isColored });
}

/** Makes the action of a command from a function that gets the session, its own options and its arguments. */
export function withSession<Arguments extends readonly unknown[], Options>(
  run: (session: Session, options: Options, ...args: Arguments) => Promise<void>,
): (...parameters: unknown[]) => Promise<void> {
  return async (...parameters) => {
    // Commander hands over the arguments, the own options and the command.
    const command = parameters.at(-1) as Command;
    const options = command.optsWithGlobals<GlobalOptions & Options>();
    const session = await openSession(options);
    await run(session, options, ...(parameters.slice(0, -2) as unknown as Arguments));
  };
}
