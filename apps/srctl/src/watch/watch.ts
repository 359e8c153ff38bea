import { answerOf } from '@smart-router/api-client';
import type { Command } from 'commander';
import { setTimeout as delay } from 'node:timers/promises';
import { podsView } from '../commands/pods';
import { statusView } from '../commands/status';
import { usageFailure } from '../exit-codes';
import { example } from '../help';
import { linesOf } from '../output/output';
import { parseDuration } from '../output/times';
import { collectPages } from '../pages';
import { type Session, withSession } from '../session';
import { isQuit, Screen } from './screen';

/** More pods than any terminal has lines are not asked for. */
const MOST_PODS = 200;

export function addWatch(program: Command): void {
  program
    .command('watch')
    .description(
      'Status, draining and busy pods, again and again. q or Ctrl-C ends it; without a terminal it prints once.',
    )
    .option('--interval <duration>', 'how often', '2s')
    .addHelpText('after', example('srctl watch --interval 5s'))
    .action(
      withSession(async (session, { interval }: { interval: string }) => {
        const intervalMs = parseDuration(interval);
        if (!intervalMs || intervalMs < 200)
          throw usageFailure(`"${interval}" is no interval`, 'write it as 2s; 200ms at least');
        if (process.stdout.isTTY) return watch(session, intervalMs);
        for (const line of await look(session)) session.out.printLine(line);
      }),
    );
}

/** Looks until a person has seen enough. What cannot be reached is said below what was seen last. */
async function watch(session: Session, intervalMs: number): Promise<void> {
  const screen = new Screen();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  screen.open((key) => {
    if (isQuit(key)) stop.abort();
  });
  try {
    let seen: readonly string[] = [];
    let seenAt = 'never';
    while (!stop.signal.aborted) {
      let problem = '';
      try {
        seen = await abortable(look(session), stop.signal);
        seenAt = new Date().toLocaleTimeString();
      } catch (error) {
        problem = session.out.paint((error as Error).message, 'red');
      }
      screen.draw([session.out.paint(`${session.target.server}   ${seenAt}   q: quit`, 'dim'), problem, ...seen]);
      // An abort ends the wait, and the loop.
      await delay(intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    screen.close();
  }
}

function abortable<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('ended')), { once: true });
  });
  return Promise.race([work, aborted]);
}

async function look({ api, out }: Session): Promise<string[]> {
  const [status, pods] = await Promise.all([
    answerOf(api.GET('/api/v1/status')),
    collectPages((query) => answerOf(api.GET('/api/v1/pods', { params: { query } })), MOST_PODS),
  ]);
  const busy = pods.filter((pod) => pod.status !== 'available' || !pod.ready);
  const rank = (pod: (typeof pods)[number]): number => (pod.ready ? (pod.is_draining ? 1 : 2) : 0);
  busy.sort((left, right) => rank(left) - rank(right));
  const now = Date.now();
  return [
    ...linesOf(statusView(status, now).table, out.paint),
    ...status.warnings.map((warning) => out.paint(warning, 'yellow')),
    '',
    ...(busy.length > 0 ? linesOf(podsView(busy, now).table, out.paint) : ['All pods are free.']),
  ];
}
