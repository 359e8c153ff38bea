import { Argument, type Command } from 'commander';
import { environment } from '../environment';
import { CommandFailure, EXIT, usageFailure } from '../exit-codes';
import { example } from '../help';
import { painted } from '../output/cells';
import { parseDuration } from '../output/times';
import { type Session, withSession } from '../session';
import { PROVIDER_CALLS, type ProviderCall, type ProviderName, PROVIDERS } from './provider-calls';
import type { Form } from './signatures';
import { playStream } from './stream';

interface SimulateOptions {
  readonly merchant?: string;
  readonly call?: string;
  readonly speak: string;
  readonly stream: boolean;
  readonly publicUrl?: string;
  readonly streamUrl?: string;
}

/** What one step of a test call has brought. */
interface Step {
  readonly step: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail: string;
}

/** As long as a provider waits for the answer to a webhook. */
const WEBHOOK_TIMEOUT_MS = 15_000;

export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description(
      'A test call as the provider makes it: signed webhook, stream, hanging up, signed report; each step timed.',
    )
    .addArgument(new Argument('<provider>', 'who calls').choices(PROVIDERS))
    .option('--merchant <merchant>', 'whose call it is')
    .option('--call <call_sid>', 'the id of the call (default: a new one)')
    .option('--speak <duration>', 'how long silence is sent', '1s')
    .option('--no-stream', 'do not dial the agent')
    .option('--stream-url <url>', 'dial the path of the stream here, such as ws://localhost:8081 of a port-forward')
    .option(
      '--public-url <url>',
      'the address that the provider knows, where it differs: signatures cover it (PUBLIC_BASE_URL of the server)',
    )
    .addHelpText(
      'after',
      '\nThe secret is read from TWILIO_AUTH_TOKEN, PLIVO_AUTH_TOKEN or EXOTEL_WEBHOOK_TOKEN; without one nothing is signed.',
    )
    .addHelpText(
      'after',
      example('TWILIO_AUTH_TOKEN=... srctl simulate twilio --merchant acme-retail', 'srctl simulate plivo --no-stream'),
    )
    .action(withSession(simulate));
}

async function simulate(session: Session, options: SimulateOptions, name: ProviderName): Promise<void> {
  session.writer();
  const speakMs = parseDuration(options.speak);
  if (speakMs === undefined) throw usageFailure(`"${options.speak}" is no duration`, 'write it as 2s');
  const provider = PROVIDER_CALLS[name];
  const callId = options.call ?? provider.newCallId();
  const caller = new Caller(provider, callId, { session, name, options });
  const steps: Step[] = [];
  const webhook = await caller.ask();
  steps.push(webhook.step);
  if (webhook.streamUrl !== undefined) {
    if (options.stream) steps.push(await caller.speak(webhook.streamUrl, speakMs));
    // Whatever became of the stream, the pod is given back.
    steps.push(await caller.report());
  }
  await session.out.print({
    data: { provider: name, call_sid: callId, stream: webhook.streamUrl ?? null, steps },
    table: [
      `call ${callId}`,
      {
        columns: ['STEP', 'RESULT', 'MS', 'DETAIL'],
        rows: steps.map(({ detail, ms, ok, step }) => [
          step,
          ok ? painted('ok', 'green') : painted('failed', 'red'),
          ms,
          detail,
        ]),
      },
    ],
    names: [callId],
  });
  if (steps.some(({ ok }) => !ok)) throw new CommandFailure(EXIT.failed, '');
}

interface CallerContext {
  readonly session: Session;
  readonly name: ProviderName;
  readonly options: SimulateOptions;
}

/** One call of a provider. */
class Caller {
  constructor(
    private readonly provider: ProviderCall,
    private readonly callId: string,
    private readonly context: CallerContext,
  ) {}

  /** Asks for the address of the stream. */
  async ask(): Promise<{ readonly step: Step; readonly streamUrl: string | undefined }> {
    const { merchant } = this.context.options;
    const query = merchant === undefined ? '' : `?merchant_id=${encodeURIComponent(merchant)}`;
    let streamUrl: string | undefined;
    const step = await timed('webhook', async () => {
      const answer = await this.post(`allocate${query}`, this.provider.incoming(this.callId));
      streamUrl = this.provider.streamUrlIn(answer);
      if (streamUrl === undefined) throw new Error(`no pod: ${answer.replaceAll(/\s+/g, ' ').slice(0, 200)}`);
      return streamUrl;
    });
    return { step, streamUrl };
  }

  speak(url: string, speakMs: number): Promise<Step> {
    return timed('stream', async () => {
      const { openedAfterMs, received, sent } = await playStream(
        this.provider,
        this.callId,
        this.dialled(url),
        speakMs,
      );
      return `open after ${Math.round(openedAfterMs)} ms, ${sent} frames sent, ${received} messages received`;
    });
  }

  /** Where the stream is dialled: as the answer says, or with the path of it at another server. */
  private dialled(url: string): string {
    const { streamUrl } = this.context.options;
    if (streamUrl === undefined) return url;
    const { pathname, search } = new URL(url);
    return `${streamUrl.replace(/\/+$/, '')}${pathname}${search}`;
  }

  /** Reports that the call is over. */
  report(): Promise<Step> {
    return timed('report', async () => {
      await this.post('status', this.provider.completed(this.callId));
      return 'the call is over';
    });
  }

  private async post(path: string, form: Form): Promise<string> {
    const { name, options, session } = this.context;
    const at = `/api/v1/${name}/${path}`;
    const known = (options.publicUrl ?? session.target.server).replace(/\/+$/, '') + at;
    const secret = environment[this.provider.secretVariable] || undefined;
    const headers = secret === undefined ? {} : this.provider.sign(form, secret, known);
    const response = await fetch(session.target.server + at, {
      method: 'POST',
      headers,
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
    });
    const answer = await response.text();
    if (response.ok) return answer;
    const advice = [401, 403].includes(response.status) ? this.adviceOnSecret(secret) : '';
    throw new Error(`status ${response.status}: ${answer.replaceAll(/\s+/g, ' ').slice(0, 200)}${advice}`);
  }

  private adviceOnSecret(secret: string | undefined): string {
    const variable = this.provider.secretVariable;
    return secret === undefined
      ? ` (set ${variable})`
      : ` (is ${variable} that of the server, and --public-url its PUBLIC_BASE_URL?)`;
  }
}

async function timed(step: string, work: () => Promise<string>): Promise<Step> {
  const startedAt = performance.now();
  const outcome = await work().then(
    (detail) => ({ ok: true, detail }),
    (error: Error & { cause?: Error }) => ({ ok: false, detail: error.cause?.message || error.message }),
  );
  return { step, ms: Math.round(performance.now() - startedAt), ...outcome };
}
