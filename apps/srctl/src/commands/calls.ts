import { answerOf, type ApiClient, RefusedError, type Schemas } from '@smart-router/api-client';
import type { Command } from 'commander';
import { example } from '../help';
import { type Cell, painted } from '../output/cells';
import { facts, type View } from '../output/output';
import { distanceOf } from '../output/times';
import { collectPages, parseLimit } from '../pages';
import { type Session, withSession } from '../session';

type Call = Schemas['CallSummary'];
type Attempt = Schemas['ChainAttempt'];

interface CallsOptions {
  readonly pool?: string;
  readonly merchant?: string;
  readonly limit?: number;
}

interface AllocateOptions {
  readonly merchant?: string;
  readonly provider?: string;
  readonly flow?: string;
  readonly template?: string;
}

export function addCalls(program: Command): void {
  program
    .command('calls')
    .description('The live calls.')
    .option('--pool <pool>', 'only calls on pods that were taken from this pool')
    .option('--merchant <merchant>', 'only calls of this merchant')
    .option('--limit <count>', 'at most this many', parseLimit)
    .addHelpText('after', example('srctl calls --merchant acme-retail', 'srctl calls -o name | wc -l'))
    .action(withSession(listCalls));
  program
    .command('call <call_sid>')
    .description('One call: its pod, and why it got that one or none. Calls that are over are known for ten minutes.')
    .addHelpText('after', example('srctl call CA123'))
    .action(
      withSession(async ({ api, out }, _options, callSid: string) => {
        const params = { path: { call_sid: callSid } };
        await out.print(callView(await answerOf(api.GET('/api/v1/calls/{call_sid}', { params }))));
      }),
    );
  addAllocate(program);
  program
    .command('release <call_sid>')
    .description('End a call and give its pod back.')
    .option('--reason <text>', 'why it ended, for the log')
    .addHelpText('after', example('srctl release CA123'))
    .action(
      withSession(async (session, { reason }: { reason?: string }, callSid: string) => {
        const body = { call_sid: callSid, ...(reason !== undefined && { reason }) };
        const released = await answerOf(session.writer().POST('/api/v1/release', { body }));
        const rows = [
          ['call', callSid],
          ['pod', released.pod_name],
          ['back in', released.released_to_pool],
        ] as const;
        await session.out.print({ data: released, table: [facts(rows)], names: [released.pod_name] });
      }),
    );
}

function addAllocate(program: Command): void {
  program
    .command('allocate <call_sid>')
    .description('Give a call a pod, as a voice agent does. The same call gets the same pod while it lives.')
    .option('--merchant <merchant>', 'whose call it is')
    .option('--provider <provider>', 'who carries it')
    .option('--flow <flow>', 'handed on in the address of the stream')
    .option('--template <template>', 'handed on in the address of the stream')
    .addHelpText('after', example('srctl allocate CA123 --merchant acme-retail', 'srctl allocate CA123 -o name'))
    .action(
      withSession(async (session, options: AllocateOptions, callSid: string) => {
        const allocation = await allocate(session, session.writer(), callSid, options);
        const { pod_name, pool, was_existing, ws_url } = allocation;
        const rows: [string, Cell][] = [
          ['pod', pod_name],
          ['pool', pool],
          ['stream', ws_url],
          ['had it before', was_existing],
        ];
        await session.out.print({ data: allocation, table: [facts(rows)], names: [pod_name] });
      }),
    );
}

async function allocate(
  { out }: Session,
  writer: ApiClient,
  callSid: string,
  { flow, merchant, provider, template }: AllocateOptions,
): Promise<Schemas['AllocateResponse']> {
  const given = { merchant_id: merchant, provider, flow, template };
  const body = { call_sid: callSid, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value)) };
  try {
    return await answerOf(writer.POST('/api/v1/allocate', { body }));
  } catch (error) {
    const chain = error instanceof RefusedError ? (error.body as { chain?: readonly Attempt[] }).chain : undefined;
    for (const { outcome, pool } of chain ?? []) out.say(`${pool}: ${outcome}`);
    throw error;
  }
}

async function listCalls({ api, out }: Session, { limit, merchant, pool }: CallsOptions): Promise<void> {
  const filter = { ...(pool !== undefined && { pool }), ...(merchant !== undefined && { merchant_id: merchant }) };
  const calls = await collectPages(
    (query) => answerOf(api.GET('/api/v1/calls', { params: { query: { ...filter, ...query } } })),
    limit,
  );
  await out.print(callsView(calls, Date.now()));
}

function callsView(calls: readonly Call[], nowMs: number): View {
  const rows = calls.map((call): Cell[] => [
    call.call_sid,
    call.pod_name,
    call.pool,
    call.merchant_id,
    call.provider,
    distanceOf(new Date(call.allocated_at * 1000).toISOString(), nowMs),
    distanceOf(call.expires_at, nowMs),
  ]);
  const columns = ['CALL', 'POD', 'POOL', 'MERCHANT', 'PROVIDER', 'AGE', 'LEASE'];
  return { data: calls, table: [{ columns, rows }], names: calls.map(({ call_sid }) => call_sid) };
}

type AnyCall = Schemas['CallDetail'] | Schemas['EndedCallDetail'] | Schemas['RefusedCallDetail'];

function callView(call: AnyCall): View {
  const { call_sid, chain, merchant_id, provider, status, ...rest } = call;
  const own = Object.entries(rest).map(([name, value]) => [name, value as Cell] as const);
  const rows = [
    ['call', call_sid],
    ['status', colored(status)],
    ['merchant', merchant_id],
    ['provider', provider],
  ] as const;
  const tried = { columns: ['TRIED', 'ANSWER'], rows: chain.map(({ pool, outcome }) => [pool, outcome]) };
  return { data: call, table: [facts([...rows, ...own]), ...(chain.length > 0 ? ['', tried] : [])], names: [call_sid] };
}

function colored(status: AnyCall['status']): Cell {
  return painted(status, status === 'refused' ? 'red' : status === 'active' ? 'green' : 'dim');
}
