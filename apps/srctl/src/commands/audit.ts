import { answerOf, type Schemas } from '@smart-router/api-client';
import type { Command } from 'commander';
import { example } from '../help';
import type { View } from '../output/output';
import { collectPages, parseLimit } from '../pages';
import { withSession } from '../session';

type Change = Schemas['ChangeBody'];

interface AuditOptions {
  readonly action?: string;
  readonly actor?: string;
  readonly subject?: string;
  readonly request?: string;
  readonly limit: number;
}

export function addAudit(program: Command): void {
  program
    .command('audit')
    .description('Who changed what, the latest first.')
    .option('--action <action>', 'only this kind of change, such as tier_config.put')
    .option('--actor <name>', 'only changes by this API key')
    .option('--subject <name>', 'only changes of this merchant, pod or component')
    .option('--request <id>', 'only what this request has changed')
    .option('--limit <count>', 'at most this many', parseLimit, 20)
    .addHelpText('after', example('srctl audit --subject acme-retail', 'srctl audit --limit 1 -o yaml'))
    .action(
      withSession(async ({ api, out }, { action, actor, limit, request, subject }: AuditOptions) => {
        const given = Object.entries({ action, actor, subject, request_id: request });
        const filter = Object.fromEntries(given.filter(([, value]) => value !== undefined));
        const changes = await collectPages(
          (query) => answerOf(api.GET('/api/v1/audit', { params: { query: { ...filter, ...query } } })),
          limit,
        );
        await out.print(auditView(changes));
      }),
    );
}

function auditView(changes: readonly Change[]): View {
  const rows = changes.map(({ action, actor, client_address, subject, time, version }) => [
    time,
    actor,
    action,
    subject,
    version,
    client_address,
  ]);
  const columns = ['TIME', 'ACTOR', 'ACTION', 'SUBJECT', 'VERSION', 'FROM'];
  return { data: changes, table: [{ columns, rows }], names: changes.map(({ id }) => id) };
}
