import { allocateContract } from './contract/allocate-contract';
import { documentsContract } from './contract/documents-contract';
import { drainContract } from './contract/drain-contract';
import { leaseContract } from './contract/lease-contract';
import { ownerContract } from './contract/owner-contract';
import { readerContract } from './contract/reader-contract';
import { reassertContract } from './contract/reassert-contract';
import { registryContract } from './contract/registry-contract';
import { releaseContract } from './contract/release-contract';
import { reopenContract } from './contract/reopen-contract';
import { unknownEndContract } from './contract/unknown-end-contract';
import type { CreateHarness } from './store-harness';

/**
 * What every adapter of `RoutingStore` must do. Run it with a function that opens an empty store with `TEST_TIMINGS`.
 */
export function describeRoutingStoreContract(adapter: string, create: CreateHarness): void {
  describe(`routing store in ${adapter}`, () => {
    allocateContract(create);
    releaseContract(create);
    ownerContract(create);
    unknownEndContract(create);
    reassertContract(create);
    drainContract(create);
    registryContract(create);
    readerContract(create);
    documentsContract(create);
    leaseContract(create);
    reopenContract(create);
  });
}
