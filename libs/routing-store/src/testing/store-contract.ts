import { allocateContract } from './contract/allocate-contract';
import { conditionsContract } from './contract/conditions-contract';
import { changeLogContract } from './contract/change-log-contract';
import { documentsContract } from './contract/documents-contract';
import { drainContract } from './contract/drain-contract';
import { leaseContract } from './contract/lease-contract';
import { merchantContract } from './contract/merchant-contract';
import { pastCallsContract } from './contract/past-calls-contract';
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
    conditionsContract(create);
    pastCallsContract(create);
    documentsContract(create);
    merchantContract(create);
    changeLogContract(create);
    leaseContract(create);
    reopenContract(create);
  });
}
