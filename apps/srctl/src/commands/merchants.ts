import { answerOf, type Schemas } from '@smart-router/api-client';
import type { Command } from 'commander';
import { usageFailure } from '../exit-codes';
import { example } from '../help';
import type { Cell } from '../output/cells';
import { facts, type View } from '../output/output';
import { collectPages, parseLimit } from '../pages';
import { type Session, withSession } from '../session';
import { withSuggestion } from '../suggestions';

type Merchant = Schemas['MerchantBody'];
type Config = Schemas['MerchantConfigBody'];

interface SetOptions {
  readonly tier?: string;
  readonly pool?: string;
  readonly fallback?: string;
  readonly dryRun?: boolean;
}

const atMerchant = (merchant_id: string) => ({ path: { merchant_id } });

export function addMerchants(program: Command): void {
  const merchants = program.command('merchants').description('Which pools the calls of a merchant try.');
  merchants
    .command('list [merchant]', { isDefault: true })
    .description('The merchants with a config, or one of them.')
    .option('--limit <count>', 'at most this many', parseLimit)
    .addHelpText('after', example('srctl merchants', 'srctl merchants list -o name', 'srctl merchants acme-retail'))
    .action(
      withSession(async (session, { limit }: { limit?: number }, id: string | undefined) => {
        if (id !== undefined) return showMerchant(session, id);
        const { api, out } = session;
        const items = await collectPages(
          (query) => answerOf(api.GET('/api/v1/merchants', { params: { query } })),
          limit,
        );
        await out.print(merchantsView(items));
      }),
    );
  merchants
    .command('get <merchant>')
    .description('The config of a merchant, and the pools that its calls try.')
    .addHelpText('after', example('srctl merchants get acme-retail'))
    .action(withSession((session, _options, id: string) => showMerchant(session, id)));
  addSet(merchants);
  addRemove(merchants);
  addVersions(merchants);
}

async function showMerchant({ api, out }: Session, id: string): Promise<void> {
  const answer = answerOf(api.GET('/api/v1/merchants/{merchant_id}', { params: atMerchant(id) }));
  await out.print(merchantView(await withSuggestion('merchant', id, api, answer)));
}

function addSet(merchants: Command): void {
  merchants
    .command('set <merchant>')
    .description('Replace the config of a merchant. It counts from the next call on.')
    .option('--tier <tier>', 'where in the default chain its calls start')
    .option('--pool <pool>', 'pods of its own, tried first')
    .option(
      '--fallback <pools>',
      'tried after its pool instead of the default chain, separated by commas; "" for nothing',
    )
    .option('--dry-run', 'only show the chain before and after')
    .addHelpText('after', example('srctl merchants set acme-retail --pool acme --fallback standard,basic --dry-run'))
    .action(withSession(setMerchant));
}

async function setMerchant(session: Session, options: SetOptions, id: string): Promise<void> {
  const { dryRun = false, fallback, pool, tier } = options;
  if (tier === undefined && pool === undefined && fallback === undefined) {
    throw usageFailure(
      'nothing to set',
      'give --tier, --pool or --fallback; srctl merchants remove takes a config away',
    );
  }
  const names = fallback?.split(',').filter((name) => name !== '');
  const body = {
    ...(tier !== undefined && { tier }),
    ...(pool !== undefined && { pool }),
    ...(names !== undefined && { fallback: names }),
  } satisfies Schemas['MerchantConfigChange'];
  const client = dryRun ? session.api : session.writer();
  const params = { ...atMerchant(id), query: { dry_run: dryRun } };
  await session.out.print(changeView(await answerOf(client.PUT('/api/v1/merchants/{merchant_id}', { params, body }))));
}

function addRemove(merchants: Command): void {
  merchants
    .command('remove <merchant>')
    .description('Take the config of a merchant away: its calls start at the default tier.')
    .addHelpText('after', example('srctl merchants remove acme-retail'))
    .action(
      withSession(async (session, _options, id: string) => {
        const params = atMerchant(id);
        const answer = await answerOf(session.writer().DELETE('/api/v1/merchants/{merchant_id}', { params }));
        await session.out.print({ data: answer, table: [`${id}: removed`], names: [id] });
      }),
    );
}

function addVersions(merchants: Command): void {
  merchants
    .command('versions <merchant>')
    .description('The last versions of its config.')
    .addHelpText('after', example('srctl merchants versions acme-retail'))
    .action(
      withSession(async ({ api, out }, _options, id: string) => {
        const { items } = await answerOf(
          api.GET('/api/v1/merchants/{merchant_id}/versions', { params: atMerchant(id) }),
        );
        const rows = items.map(({ config, removed, updated_at, version }): Cell[] => [
          version,
          updated_at,
          removed ? 'removed' : textOfConfig(config),
        ]);
        const table = [{ columns: ['VERSION', 'SINCE', 'CONFIG'], rows }];
        await out.print({ data: items, table, names: items.map(({ version }) => String(version)) });
      }),
    );
  merchants
    .command('rollback <merchant>')
    .description('Store an earlier version as a new one.')
    .requiredOption('--to <version>', 'the version that counts again', parseLimit)
    .addHelpText('after', example('srctl merchants rollback acme-retail --to 2'))
    .action(
      withSession(async (session, { to }: { to: number }, id: string) => {
        const params = atMerchant(id);
        const client = session.writer();
        const { items } = await answerOf(client.GET('/api/v1/merchants/{merchant_id}/versions', { params }));
        const version = Math.max(0, ...items.map((each) => each.version));
        const body = { to_version: to, version };
        const answer = await answerOf(client.POST('/api/v1/merchants/{merchant_id}/rollback', { params, body }));
        await session.out.print({ data: answer, table: [`${id}: version ${to} counts again`], names: [id] });
      }),
    );
}

function merchantsView(merchants: readonly Merchant[]): View {
  const rows = merchants.map(({ config, effective_chain, merchant_id }): Cell[] => [
    merchant_id,
    config?.tier ?? null,
    config?.pool ?? null,
    effective_chain.join(' > '),
  ]);
  const names = merchants.map(({ merchant_id }) => merchant_id);
  return { data: merchants, table: [{ columns: ['MERCHANT', 'TIER', 'POOL', 'TRIES'], rows }], names };
}

function merchantView(merchant: Schemas['MerchantDetail']): View {
  const { config, effective_chain, merchant_id, updated_at, version } = merchant;
  const rows: [string, Cell][] = [
    ['merchant', merchant_id],
    ['config', textOfConfig(config)],
    ['tries', effective_chain.join(' > ')],
    ['version', version],
    ['since', updated_at],
  ];
  return { data: merchant, table: [facts(rows)], names: [merchant_id] };
}

/** @param answer the merchant as it is now, or what a dry run says */
function changeView(answer: Schemas['MerchantDetail'] | Schemas['MerchantDryRun']): View {
  if (!('before' in answer)) return merchantView(answer);
  const { after, before, merchant_id } = answer;
  const chainOf = (state: Schemas['MerchantState']): string => state.effective_chain.join(' > ');
  const rows = [
    ['before', chainOf(before)],
    ['after', chainOf(after)],
  ] as const;
  return { data: answer, table: [facts(rows)], names: [merchant_id] };
}

function textOfConfig(config: Config | null): string {
  return config === null ? 'none that can be read' : JSON.stringify(config);
}
