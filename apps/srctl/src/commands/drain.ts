import { answerOf, type Schemas } from '@smart-router/api-client';
import type { Command } from 'commander';
import { setTimeout as delay } from 'node:timers/promises';
import { usageFailure } from '../exit-codes';
import { example } from '../help';
import { parseDuration } from '../output/times';
import { openClient, type Session, withSession } from '../session';
import { withSuggestion } from '../suggestions';
import { untilDrained } from './drain-wait';

/** Between two tries to ask a server that is away. */
const PAUSE_MS = 2_000;

interface DrainOptions {
  readonly ttl?: string;
  readonly wait?: string | true;
}

export function addDrain(program: Command): void {
  program
    .command('drain <pods...>')
    .description('Take pods out of service: no new calls, live ones continue.')
    .option(
      '--ttl <duration>',
      'how long the drain lasts, such as 2h; none: until it is taken back (default: that of the server)',
    )
    .option('--wait [duration]', 'wait until the calls have ended, at most for this time')
    .addHelpText(
      'after',
      example('srctl drain voice-agent-2 --ttl 2h --wait', 'srctl pods --pool gold -o name | xargs srctl drain'),
    )
    .action(withSession(drainPods));
  program
    .command('undrain <pods...>')
    .description('Put pods back into service.')
    .addHelpText('after', example('srctl undrain voice-agent-2'))
    .action(
      withSession(async (session, _options, pods: readonly string[]) => {
        const client = session.writer();
        await forEachPod(pods, session, (pod_name) => answerOf(client.POST('/api/v1/undrain', { body: { pod_name } })));
      }),
    );
}

async function drainPods(session: Session, { ttl, wait }: DrainOptions, pods: readonly string[]): Promise<void> {
  const deadlineMs = wait === undefined ? null : readWait(wait);
  const client = session.writer();
  await forEachPod(pods, session, (pod_name) =>
    answerOf(client.POST('/api/v1/drain', { body: { pod_name, ...(ttl !== undefined && { ttl }) } })),
  );
  if (deadlineMs === null) return;
  const patient = openClient(session.target, 30_000);
  const endsAt = Date.now() + deadlineMs;
  await Promise.all(
    pods.map((pod) =>
      untilDrained({
        ...{ pod, endsAt },
        ask: (wait) => answerOf(patient.GET('/api/v1/pod/{pod_name}/drained', atPod(pod, wait))),
        say: (text) => session.out.say(text),
        pause: () => delay(PAUSE_MS),
      }),
    ),
  );
}

function atPod(pod_name: string, wait: string) {
  return { params: { path: { pod_name }, query: { wait } } };
}

/** Prints what has been done, also where a later pod is refused. */
async function forEachPod(
  pods: readonly string[],
  { api, out }: Session,
  change: (pod: string) => Promise<Schemas['DrainResponse']>,
): Promise<void> {
  const answers: Schemas['DrainResponse'][] = [];
  try {
    for (const pod of pods) answers.push(await withSuggestion('pod', pod, api, change(pod)));
  } finally {
    // Nothing was done: nothing is printed.
    if (answers.length > 0)
      await out.print({
        data: pods.length === 1 ? answers[0] : answers,
        table: answers.map(({ message, pod_name }) => `${pod_name}: ${message}`),
        names: answers.map(({ pod_name }) => pod_name),
      });
  }
}

function readWait(wait: string | true): number {
  if (wait === true) return Number.POSITIVE_INFINITY;
  const ms = parseDuration(wait);
  // `--wait voice-agent-2` would take the pod for a duration.
  if (ms === undefined)
    throw usageFailure(`"${wait}" is no duration`, 'name the pods first: srctl drain voice-agent-2 --wait 10m');
  return ms;
}
