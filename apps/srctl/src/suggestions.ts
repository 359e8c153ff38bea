import { answerOf, type ApiClient, RefusedError } from '@smart-router/api-client';
import { CommandFailure, EXIT } from './exit-codes';
import { nearestName } from './nearest-name';

/** How many names are read for a suggestion. */
const MOST_NAMES = { params: { query: { limit: 500 } } };

const LISTS = {
  pod: {
    code: 'POD_NOT_FOUND',
    hint: 'srctl pods lists the pods',
    names: async (api: ApiClient) =>
      (await answerOf(api.GET('/api/v1/pods', MOST_NAMES))).items.map(({ pod_name }) => pod_name),
  },
  merchant: {
    code: 'MERCHANT_NOT_FOUND',
    hint: 'srctl merchants lists those with a config',
    names: async (api: ApiClient) =>
      (await answerOf(api.GET('/api/v1/merchants', MOST_NAMES))).items.map(({ merchant_id }) => merchant_id),
  },
} as const;

/**
 * Passes an answer on. Where the server does not know the name, it says which one, and what was meant perhaps.
 * @throws `CommandFailure`; anything else as it is
 */
export async function withSuggestion<Answer>(
  kind: keyof typeof LISTS,
  name: string,
  api: ApiClient,
  answer: Promise<Answer>,
): Promise<Answer> {
  const { code, hint, names } = LISTS[kind];
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== code) throw error;
    const meant = nearestName(name, await names(api));
    const text = `there is no ${kind} ${name} (${error.code}, status ${error.status}, request ${error.requestId})`;
    throw new CommandFailure(EXIT.refused, text, meant === undefined ? hint : `did you mean ${meant}?`);
  }
}
