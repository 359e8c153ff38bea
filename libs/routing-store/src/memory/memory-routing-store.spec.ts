import type { StoreTimings } from '../domain/routing-store';
import { describeGenerationContract, type LosingHarness } from '../testing/contract/generation-contract';
import { describeUnansweredContract } from '../testing/contract/unanswered-contract';
import { describeRoutingStoreContract } from '../testing/store-contract';
import { TEST_TIMINGS } from '../testing/store-harness';
import { MemoryRoutingStore } from './memory-routing-store';

describeRoutingStoreContract('memory', async () => {
  let now = Date.now();
  const store = new MemoryRoutingStore({ timings: TEST_TIMINGS, now: () => now });
  return {
    store,
    advance: async (ms) => {
      now += ms;
    },
    close: () => store.close(),
  };
});

async function openLosingStore(timings: StoreTimings): Promise<LosingHarness> {
  let replications = 1;
  const store = new MemoryRoutingStore({
    timings,
    replicationId: () => `replication-${replications}`,
  });
  store.connected();
  return {
    store,
    failOver: async () => {
      replications += 1;
      store.connected();
    },
    advance: () => Promise.reject(new Error('this store has the real time')),
    close: () => store.close(),
  };
}

describeGenerationContract('memory', openLosingStore);
describeUnansweredContract('memory', openLosingStore);
