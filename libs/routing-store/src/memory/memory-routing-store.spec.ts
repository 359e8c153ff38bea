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
