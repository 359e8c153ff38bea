import { namesAt } from '../audit-record';
import { complainIf, type OperationRules, text } from './rule';

export const CLAIM_EPOCH: OperationRules = {
  claimed: ({ epochs }, { result }) => {
    const expected = Math.max(epochs.drawn, epochs.accepted) + 1;
    epochs.drawn = Number(result[1]);
    return complainIf(epochs.drawn !== expected, `the next epoch is ${expected}`);
  },
};

export const ANNOUNCE_LEADER: OperationRules = { announced: () => null };
export const RESIGN_LEADER: OperationRules = { resigned: () => null };

export const CONFIGURE_POOL: OperationRules = {
  configured: (model, { args, result }) => {
    const [, pool = '', type = '', max] = args;
    const old = model.pools.get(pool);
    model.pools.set(pool, { type, max: Number(max) });
    const hasChanged = old !== undefined && old.type !== type;
    if (hasChanged) for (const pod of model.podsOf(pool)) pod.isOutgoing = true;
    return complainIf(hasChanged && text(result, 1) !== '1', `the type of ${pool} has changed`);
  },
};

export const REMOVE_POOL: OperationRules = {
  'unknown-pool': ({ pools }, { args }) => complainIf(pools.has(text(args, 1)), 'the pool is known'),
  'has-pods': (model, { args }) => complainIf(model.podsOf(text(args, 1)).length === 0, 'the pool has no pods'),
  removed: (model, { args }) => {
    const pool = text(args, 1);
    const isKnown = model.pools.delete(pool);
    return complainIf(!isKnown || model.podsOf(pool).length > 0, 'the pool has pods, or there is none of the name');
  },
};

/**
 * Of a pool, or of the indexes of the whole fleet: in a store that nobody changes by hand, nothing is where it does not
 * belong.
 */
export const SWEEP: OperationRules = {
  swept: (_model, record) => {
    const [evicted, found] = [namesAt(record, 2), namesAt(record, 3)];
    return (
      complainIf(evicted.length > 0, `an operation has left ${evicted.join(', ')} where they do not belong`) ??
      complainIf(found.length > 0, `an operation has not listed ${found.join(', ')}`)
    );
  },
};
