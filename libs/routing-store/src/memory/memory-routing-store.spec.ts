import { describeGenerationContract, HOLDING_TIMINGS } from '../testing/contract/generation-contract';
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

describeGenerationContract('memory', async () => {
  let replications = 1;
  const store = new MemoryRoutingStore({
    timings: HOLDING_TIMINGS,
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
});
