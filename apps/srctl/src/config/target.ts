import { environment } from '../environment';
import { usageFailure } from '../exit-codes';
import { type Context, contextsPath, readContexts } from './contexts-file';
import { readKey } from './key-source';

/** Which server a command talks to. */
export interface Target {
  /** Without a slash at the end. */
  readonly server: string;
  /** Where that comes from, for people. */
  readonly source: string;
  readonly key: string | undefined;
  readonly isReadOnly: boolean;
}

export interface TargetOptions {
  readonly server?: string;
  readonly context?: string;
}

const DEFAULT_SERVER = 'http://localhost:8080';

/**
 * `--server`, `SRCTL_SERVER`, `--context`, `SRCTL_CONTEXT`, the current context, and at last port 8080 of this machine.
 * The key of a context is sent to the server of that context only; elsewhere `SRCTL_API_KEY` counts.
 *
 * @throws `CommandFailure` where there is no such context, or its key cannot be read
 */
export async function chooseTarget(options: TargetOptions): Promise<Target> {
  if (options.server !== undefined) return direct(options.server, '--server');
  const server = environment['SRCTL_SERVER'];
  if (server && options.context === undefined) return direct(server, 'SRCTL_SERVER');
  const { contexts, 'current-context': current } = await readContexts();
  const name = options.context ?? (environment['SRCTL_CONTEXT'] || current);
  if (name === undefined) return direct(DEFAULT_SERVER, 'the default, since no context is chosen');
  return ofContext(name, contexts);
}

function keyFromEnvironment(): string | undefined {
  return environment['SRCTL_API_KEY'] || undefined;
}

function direct(server: string, source: string): Target {
  return { server: normalized(server), source, key: keyFromEnvironment(), isReadOnly: false };
}

function ofContext(name: string, contexts: Readonly<Record<string, Context>>): Target {
  const context = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (context === undefined) {
    const known = Object.keys(contexts).join(', ') || 'none';
    throw usageFailure(`there is no context ${name}`, `known in ${contextsPath()}: ${known}`);
  }
  const key = context.key === undefined ? keyFromEnvironment() : readKey(context.key);
  const isReadOnly = context['read-only'] === true;
  return { server: normalized(context.server), source: `context ${name}`, key, isReadOnly };
}

/** People copy addresses from examples, with the prefix of the API. */
function normalized(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw usageFailure(`"${server}" is no address of a server`, 'write it as http://smart-router:8080');
  }
  return server.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
}
