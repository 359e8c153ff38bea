import { answerOf, type ApiClient, RefusedError } from '@smart-router/api-client';
import type { Command } from 'commander';
import { example } from '../help';
import { type Cell, painted } from '../output/cells';
import type { View } from '../output/output';
import { withSession } from '../session';
import { type Attempt, explainChain } from './explain-chain';

export function addExplain(program: Command): void {
  program
    .command('explain [merchant]')
    .description(
      'Which pool would give a call of this merchant its pod now, without taking one. No merchant: a call that names none.',
    )
    .addHelpText('after', example('srctl explain acme-retail'))
    .action(
      withSession(async ({ api, out }, _options, merchant: string | undefined) => {
        const [chain, { pools }] = await Promise.all([chainOf(api, merchant), answerOf(api.GET('/api/v1/status'))]);
        await out.print(explainView(merchant ?? '', explainChain(chain, pools ?? {})));
      }),
    );
}

/** A merchant without a config is served as a call without a merchant: from the default tier onward. */
async function chainOf(api: ApiClient, merchant: string | undefined): Promise<readonly string[]> {
  const own = merchant === undefined ? null : await configuredChain(api, merchant);
  if (own !== null) return own;
  const { default_chain, default_tier } = await answerOf(api.GET('/api/v1/tier-config'));
  const start = default_chain.indexOf(default_tier);
  return start >= 0 ? default_chain.slice(start) : [default_tier, ...default_chain];
}

async function configuredChain(api: ApiClient, merchant_id: string): Promise<readonly string[] | null> {
  try {
    const params = { path: { merchant_id } };
    return (await answerOf(api.GET('/api/v1/merchants/{merchant_id}', { params }))).effective_chain;
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'MERCHANT_NOT_FOUND') return null;
    throw error;
  }
}

function explainView(merchant: string, attempts: readonly Attempt[]): View {
  const rows = attempts.map(({ answer, available, gives, pool }): Cell[] => [
    pool,
    available,
    gives ? painted('a call gets its pod here', 'green') : answer,
  ]);
  const giver = attempts.find(({ gives }) => gives);
  const verdict = giver === undefined ? 'A call now gets no pod.' : `A call now gets a pod of ${giver.pool}.`;
  return {
    data: { merchant_id: merchant, pool: giver?.pool ?? null, chain: attempts },
    table: [{ columns: ['TRIES', 'AVAILABLE', 'ANSWER'], rows }, '', verdict],
    names: giver === undefined ? [] : [giver.pool],
  };
}
