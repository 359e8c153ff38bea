import { answerOf, type ApiClient, type Schemas } from '@smart-router/api-client';
import type { Command } from 'commander';
import { CommandFailure, EXIT, usageFailure } from '../exit-codes';
import { example } from '../help';
import type { Output } from '../output/output';
import { parseDuration } from '../output/times';
import { openClient, type Session, withSession } from '../session';
import { withSuggestion } from '../suggestions';

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
    .option('--wait [duration]', 'wait until the calls have ended, at most so long')
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
  await Promise.all(pods.map((pod) => untilDrained(patient, pod, endsAt, session.out)));
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

/** Says how many calls are left whenever that changes. @throws `CommandFailure` where they do not end */
async function untilDrained(client: ApiClient, pod: string, endsAt: number, out: Output): Promise<void> {
  let shown = -1;
  for (;;) {
    const secondsLeft = Math.ceil((endsAt - Date.now()) / 1000);
    const wait = `${Math.max(0, Math.min(2, secondsLeft))}s`;
    const params = { path: { pod_name: pod }, query: { wait } };
    const { active_calls, drained, is_draining } = await answerOf(
      client.GET('/api/v1/pod/{pod_name}/drained', { params }),
    );
    if (drained) return out.say(`${pod}: drained, no calls are left`);
    if (!is_draining) {
      const hint = 'give the drain more time: srctl drain --ttl 2h (or none)';
      throw new CommandFailure(EXIT.failed, `${pod} does not drain any more, and has ${active_calls} calls`, hint);
    }
    if (active_calls !== shown) out.say(`${pod}: ${active_calls} ${active_calls === 1 ? 'call' : 'calls'} left`);
    shown = active_calls;
    if (secondsLeft <= 0) throw new CommandFailure(EXIT.failed, `${pod} still has ${active_calls} calls`);
  }
}
