import { EXCLUSIVE } from '../floor/fleet-names';
import { releaseRequest } from '../load/http-requests';
import { podOfTwiml, twilioCallSid, twilioWebhook } from '../load/twilio-webhook';
import type { RowName } from '../report/bench-report';
import type { BenchContext } from './bench-context';
import { PUBLIC_BASE_URL, TWILIO_AUTH_TOKEN } from './standard-fleet';

const WEBHOOKS = 300;
const WARM_UP_BURSTS = 3;
const ACCOUNT = { publicBaseUrl: PUBLIC_BASE_URL, authToken: TWILIO_AUTH_TOKEN };

/** Row F: as many webhooks at once, each on a new connection, until the last is answered. Every answer is checked. */
export async function measureBurst(
  context: BenchContext,
  port: number,
  { row, name }: { row: RowName; name: string },
): Promise<void> {
  for (let round = 0; round < WARM_UP_BURSTS; round++) await runBurst(context, port, `warm-up-${round}`);
  const samples: number[] = [];
  for (let round = 0; round < context.plan.rounds; round++) samples.push(await runBurst(context, port, `r${round}`));
  context.report.add(row, `${WEBHOOKS} Twilio webhooks at once${name}`, 'ms', samples, 'burst');
}

/** @returns milliseconds until the last answer */
async function runBurst({ load }: BenchContext, port: number, round: string): Promise<number> {
  const callSids = Array.from({ length: WEBHOOKS }, (_, index) => twilioCallSid(`F-${port}-${round}-${index}`));
  const requests = callSids.map((callSid) => twilioWebhook(callSid, EXCLUSIVE.merchant, ACCOUNT));
  const { bodies, seconds } = await load.ask({ kind: 'burst', port, requests });
  const pods = new Set(bodies.map((body, index) => podOfTwiml(body, callSids[index] as string)));
  if (pods.size !== WEBHOOKS) throw new Error(`${WEBHOOKS} calls were put on ${pods.size} exclusive pods`);
  await load.ask({ kind: 'burst', port, requests: callSids.map(releaseRequest) });
  return seconds * 1000;
}
