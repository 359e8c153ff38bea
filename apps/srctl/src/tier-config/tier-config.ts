import { answerOf, type ApiClient, RefusedError, type Schemas } from '@smart-router/api-client';
import type { Command } from 'commander';
import { usageFailure } from '../exit-codes';
import { example } from '../help';
import type { Cell } from '../output/cells';
import { linesOf, type Output, type View } from '../output/output';
import { parseLimit } from '../pages';
import { type Session, withSession } from '../session';
import { confirm } from './confirm';
import { diffLines } from './line-diff';
import { comparableLines, readTierDocument, type TierConfig, type TierConfigChange } from './tier-document';

type Moves = Schemas['DryRunResponse'];

const TIER_CONFIG = '/api/v1/tier-config';

export function addTierConfig(program: Command): void {
  const group = program
    .command('tier-config')
    .description('Which tiers there are, how they work and how big they should be.');
  group
    .command('get')
    .description('The tier config in force, or an earlier version.')
    .option('--at <version>', 'this version of it', parseLimit)
    .addHelpText('after', example('srctl tier-config get -o yaml > tiers.yaml'))
    .action(
      withSession(async ({ api, out }, { at }: { at?: number }) => {
        await out.print(configView(at === undefined ? await current(api) : await ofVersion(api, at)));
      }),
    );
  addDiff(group);
  addApply(group);
  addRollback(group);
  addVersions(group);
}

function addDiff(group: Command): void {
  group
    .command('diff')
    .description('What a file would change, and which pods would move.')
    .requiredOption('-f, --file <path>', 'the tier config, YAML or JSON; - for stdin')
    .addHelpText('after', example('srctl tier-config diff -f tiers.yaml'))
    .action(
      withSession(async ({ api, out }, { file }: { file: string }) => {
        const wanted = await readTierDocument(file);
        const before = await current(api);
        const moves = await movesOf(api, { ...wanted, version: before.version }, out);
        await showChange({ before, after: wanted, moves, print: (line) => out.printLine(line) }, out);
      }),
    );
}

function addApply(group: Command): void {
  group
    .command('apply')
    .description('Show what a file changes, ask, and put it into force where nobody has changed the config meanwhile.')
    .requiredOption('-f, --file <path>', 'the tier config, YAML or JSON; - for stdin')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      example('srctl tier-config apply -f tiers.yaml', 'generate-tiers | srctl tier-config apply -f - --yes'),
    )
    .action(withSession(applyFile));
}

async function applyFile(session: Session, { file, yes = false }: { file: string; yes?: boolean }): Promise<void> {
  const { api, out } = session;
  const client = session.writer();
  const wanted = await readTierDocument(file);
  const before = await current(api);
  // What the file was made from; a file without a version is meant for what is in force now.
  const change = { ...wanted, version: wanted.version ?? before.version };
  const moves = await movesOf(client, change, out);
  const isSame = !(await showChange({ before, after: wanted, moves, print: (line) => out.say(line) }, out));
  if (isSame) return;
  await confirm(`Replace version ${change.version} of the tier config?`, yes);
  await printStored(out, await answerOf(client.PUT(TIER_CONFIG, { body: change })));
}

function addRollback(group: Command): void {
  group
    .command('rollback')
    .description('Store an earlier version as a new one, after showing what moves.')
    .requiredOption('--to <version>', 'the version that counts again', parseLimit)
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', example('srctl tier-config rollback --to 2'))
    .action(
      withSession(async (session, { to, yes = false }: { to: number; yes?: boolean }) => {
        const { api, out } = session;
        const client = session.writer();
        const [before, after] = await Promise.all([current(api), ofVersion(api, to)]);
        const body = { to_version: to, version: before.version };
        const dryRun = { params: { query: { dry_run: true } }, body };
        const moves = (await answerOf(client.POST('/api/v1/tier-config/rollback', dryRun))) as Moves;
        const isSame = !(await showChange({ before, after, moves, print: (line) => out.say(line) }, out));
        if (isSame) return;
        await confirm(`Store version ${to} again, as version ${before.version + 1}?`, yes);
        await printStored(out, await answerOf(client.POST('/api/v1/tier-config/rollback', { body })));
      }),
    );
}

function addVersions(group: Command): void {
  group
    .command('versions')
    .description('The versions that can be seen and rolled back to.')
    .addHelpText('after', example('srctl tier-config versions'))
    .action(
      withSession(async ({ api, out }) => {
        const { items } = await answerOf(api.GET('/api/v1/tier-config/versions'));
        const rows = items.map(({ config, version }): Cell[] => [
          version,
          config?.updated_at ?? null,
          config === null ? 'cannot be read' : sizes(config),
        ]);
        const table = [{ columns: ['VERSION', 'SINCE', 'TARGETS'], rows }];
        await out.print({ data: items, table, names: items.map(({ version }) => String(version)) });
      }),
    );
}

function current(api: ApiClient): Promise<TierConfig> {
  return answerOf(api.GET(TIER_CONFIG));
}

async function ofVersion(api: ApiClient, version: number): Promise<TierConfig> {
  const params = { path: { version } };
  const { config } = await answerOf(api.GET('/api/v1/tier-config/versions/{version}', { params }));
  if (config === null) throw usageFailure(`version ${version} cannot be read any more`);
  return config;
}

/** @returns `null` where the key may only read: the server says to nobody else what would move */
async function movesOf(client: ApiClient, body: TierConfigChange, out: Output): Promise<Moves | null> {
  try {
    return (await answerOf(client.PUT(TIER_CONFIG, { params: { query: { dry_run: true } }, body }))) as Moves;
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== 'FORBIDDEN') throw error;
    out.warn('the key may only read, so the server says neither whether this is valid nor what would move');
    return null;
  }
}

interface Change {
  readonly before: TierConfig;
  readonly after: TierConfigChange;
  readonly moves: Moves | null;
  readonly print: (line: string) => void;
}

/** @returns whether there is a change */
async function showChange({ after, before, moves, print }: Change, out: Output): Promise<boolean> {
  // What a file leaves out follows from its tiers, so that it is compared only where the file has it.
  const compared = Object.fromEntries(Object.entries(before).filter(([name]) => name in after)) as TierConfigChange;
  const lines = diffLines(await comparableLines(compared), await comparableLines(after));
  if (lines.every(({ sign }) => sign === ' ')) {
    out.say(`no change: version ${before.version} says the same`);
    return false;
  }
  const paints = { '-': 'red', '+': 'green', ' ': 'dim' } as const;
  for (const { sign, text } of lines) print(out.paint(`${sign} ${text}`, paints[sign]));
  if (moves !== null) for (const line of moveLines(moves, out)) print(line);
  return true;
}

function moveLines({ moves, removed_pools, type_changes }: Moves, out: Output): string[] {
  const changed = moves.filter(
    (each) => each.target_before !== each.target_after || each.surplus > 0 || each.deficit > 0,
  );
  const rows = changed.map((each): Cell[] => [
    each.pool,
    `${each.target_before} -> ${each.target_after}`,
    each.assigned,
    each.surplus,
    each.deficit,
  ]);
  const table = { columns: ['POOL', 'TARGET', 'ASSIGNED', 'TOO MANY', 'MISSING'], rows };
  return [
    ...(rows.length > 0 ? ['', ...linesOf([table], out.paint)] : []),
    ...type_changes.map(
      ({ active_calls, from, pool, to }) => `${pool}: ${from} becomes ${to}, with ${active_calls} calls on it`,
    ),
    ...removed_pools.map(
      ({ active_calls, assigned, pool }) => `${pool}: removed, with ${assigned} pods and ${active_calls} calls`,
    ),
  ];
}

async function printStored(out: Output, stored: TierConfig | Moves): Promise<void> {
  if (!('tiers' in stored)) throw new Error('the server has answered a change with a dry run');
  await out.print(configView(stored));
}

function configView(config: TierConfig): View {
  const pools = [
    ...Object.entries(config.tiers),
    ...Object.entries(config.dedicated_pools ?? {}).map(([name, pool]) => [`merchant:${name}`, pool] as const),
  ];
  const rows = pools.map(([name, { max_concurrent, target, type }]): Cell[] => [
    name,
    type,
    target,
    type === 'shared' ? (max_concurrent ?? null) : null,
  ]);
  const { default_chain, default_tier, version } = config;
  const headline = `version ${version}   default chain ${default_chain.join(' > ')}   default tier ${default_tier}`;
  return {
    data: config,
    table: [headline, { columns: ['POOL', 'TYPE', 'TARGET', 'CALLS PER POD'], rows }],
    names: pools.map(([name]) => name),
  };
}

function sizes({ tiers }: TierConfig): string {
  return Object.entries(tiers)
    .map(([name, { target }]) => `${name} ${target}`)
    .join(', ');
}
