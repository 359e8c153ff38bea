import * as fc from 'fast-check';
import { DEFAULT_EXPIRY_POLICY, type DrainOptions } from '../domain/pods';
import { setMerchantConfig } from './configuration';
import { AllocateWhileCut, Disturb, Operate, type Operation } from './store-command';
import {
  call,
  chain,
  CONDITIONS,
  merchantText,
  pod,
  policy,
  pool,
  POOLS,
  requester,
  SIGNED,
  UNSIGNED,
} from './store-command-values';

/** The number of one of the grants so far, or one that nobody was given, before the first of them. */
function someNumber(numbers: readonly number[], choice: number): number {
  return numbers[choice % (numbers.length + 3)] ?? 1 + (choice % 30);
}

/** A process replays a grant or an end that it remembers, of whichever of the call's grants. */
const reassertCommands = fc
  .tuple(
    fc.constantFrom('call-1', 'call-2', 'call-3', 'call-4'),
    fc.constantFrom('pod-1', 'pod-2', 'pod-3', 'pod-4', 'pod-9'),
    fc.integer({ min: 0, max: 1_000 }),
    fc.constantFrom('request-1', 'request-2'),
  )
  .chain(([callSid, podName, choice, request]) => {
    const grant = (numbers: readonly number[]) => ({
      ...{ podName, pool: 'gold', allocatedAt: 1_700_000_000, number: someNumber(numbers, choice) },
    });
    return fc.constantFrom(
      new Operate(`reassert grant ${choice} of ${callSid} on ${podName}`, (store, _epoch, numbers) =>
        store.recovery.reassertCall({ callSid, grant: grant(numbers), merchantId: 'acme' }),
      ),
      new Operate(`reassert the end of ${callSid} up to grant ${choice}`, (store, _epoch, numbers) =>
        store.recovery.reassertRelease({ callSid, upToNumber: someNumber(numbers, choice) }),
      ),
      new Operate(`reassert the unanswered end of ${callSid} up to grant ${choice}`, (store, _epoch, numbers) =>
        store.recovery.reassertRelease({ callSid, upToNumber: someNumber(numbers, choice), isUnanswered: true }),
      ),
      new Operate(`reassert the end of ${callSid} by a callback up to grant ${choice}`, (store, _epoch, numbers) =>
        store.recovery.reassertEnd({ callSid, upToNumber: someNumber(numbers, choice), owners: SIGNED }),
      ),
      new Operate(`reassert the end of ${callSid} by exotel up to grant ${choice}`, (store, _epoch, numbers) =>
        store.recovery.reassertEnd({ callSid, upToNumber: someNumber(numbers, choice), owners: UNSIGNED }),
      ),
      new Operate(`abandon ${request} of ${callSid}`, (store) => store.recovery.abandonGrant({ callSid, request })),
    );
  });

/** Ends no call, and reports the time. */
const ALL_SUSPECT = { ...DEFAULT_EXPIRY_POLICY, suspectUntilMs: Number.MAX_SAFE_INTEGER };

const operate = (label: string, operation: Operation) => new Operate(label, operation);

const callCommands = [
  fc.tuple(call, chain, fc.constantFrom('', 'request-1', 'request-2'), requester).map(([callSid, names, request, by]) =>
    operate(`allocate ${callSid} from ${names.join()} ${request} by ${by.provider}`, (store) =>
      store.calls.allocate({
        callSid,
        merchantId: '',
        knownMerchantConfig: null,
        chain: names,
        ...by,
        request,
      }),
    ),
  ),
  fc
    .tuple(call, chain, fc.option(merchantText))
    .map(([callSid, names, known]) =>
      operate(`allocate ${callSid} from ${names.join()} for acme, known as ${known}`, (store) =>
        store.calls.allocate({ callSid, merchantId: 'acme', knownMerchantConfig: known, chain: names }),
      ),
    ),
  call.map((callSid) => operate(`release ${callSid}`, (store) => store.calls.release(callSid))),
  fc
    .tuple(call, fc.constantFrom({ owners: SIGNED }, { owners: UNSIGNED }, { owners: UNSIGNED, maxUnknown: 2 }))
    .map(([callSid, by]) =>
      operate(`end ${callSid} for ${JSON.stringify(by)}`, (store) => store.calls.endCall({ callSid, ...by })),
    ),
  call.map((callSid) => operate(`heartbeat ${callSid}`, (store) => store.calls.heartbeat(callSid))),
];

const podCommands = [
  fc
    .tuple(pod, pool, fc.constantFrom('first', 'first/0', 'first/1', 'second'), fc.constantFrom(...CONDITIONS))
    .map(([podName, to, incarnation, condition]) =>
      operate(`register ${podName} ${incarnation} ${JSON.stringify(condition)} for ${to}`, (store, epoch) =>
        store.pods.registerPod(epoch, { podName, incarnation, ...condition, pool: to }),
      ),
    ),
  pod.map((podName) => operate(`drain ${podName}`, (store) => store.drains.drain(podName))),
  fc
    .tuple(pod, fc.constantFrom<DrainOptions['lasts']>(20_000, 'until-undrained', undefined), fc.boolean())
    .map(([podName, lasts, onlyProlong]) =>
      operate(`drain ${podName} ${lasts ?? 'default'}${onlyProlong ? ' or longer' : ''}`, (store) =>
        store.drains.drain(podName, { ...(lasts !== undefined && { lasts }), onlyProlong }),
      ),
    ),
  pod.map((podName) => operate(`undrain ${podName}`, (store) => store.drains.undrain(podName))),
  fc
    .tuple(pod, fc.option(fc.constantFrom('first', 'first/0', 'second'), { nil: undefined }))
    .map(([podName, incarnation]) =>
      operate(`remove ${podName} ${incarnation ?? ''}`, (store, epoch) =>
        store.pods.removePod(epoch, podName, incarnation),
      ),
    ),
  fc
    .tuple(pod, pool, fc.boolean())
    .map(([podName, to, onlyIdle]) =>
      operate(`move ${podName} to ${to}${onlyIdle ? ' if idle' : ''}`, (store, epoch) =>
        store.pods.movePod(epoch, podName, to, { onlyIdle }),
      ),
    ),
  pod.map((podName) => operate(`repair ${podName}`, (store, epoch) => store.pods.repairPod(epoch, podName))),
];

const poolCommands = [
  fc
    .tuple(fc.constantFrom(...POOLS), policy)
    .map(([name, to]) =>
      operate(`configure ${name} as ${to.type} ${to.maxConcurrent}`, (store, epoch) =>
        store.pods.configurePool(epoch, name, to),
      ),
    ),
  pool.map((name) => operate(`remove pool ${name}`, (store, epoch) => store.pods.removePool(epoch, name))),
  pool.map((name) =>
    operate(`sweep ${name}`, async (store, epoch) => {
      const { evicted, found } = await store.pods.sweepPool(epoch, name, null);
      return { evicted, found };
    }),
  ),
  fc.constant(
    operate('sweep the indexes', async (store, epoch) => {
      const { evicted, found } = await store.pods.sweepIndexes(epoch, null);
      return { evicted, found };
    }),
  ),
  fc.constant(operate('expire leases', (store, epoch) => store.pods.expireLeases(epoch, 100))),
  // No lease ends within seconds of these, so that the clocks of both stores agree on which are meant.
  fc.tuple(fc.constantFrom(0, 20, 55), fc.boolean(), fc.boolean()).map(([seconds, isConfirmed, hasJumped]) => {
    const settings = `suspect until ${seconds} s ago${isConfirmed ? ', confirmed' : ''}${hasJumped ? ', a jump' : ''}`;
    return operate(`expire leases, ${settings}`, async (store, epoch) => {
      const { storeTimeMs } = await store.pods.expireLeases(epoch, 100, ALL_SUSPECT);
      return store.pods.expireLeases(epoch, 100, {
        suspectUntilMs: storeTimeMs - seconds * 1_000,
        isConfirmed,
        latestStoreTimeMs: storeTimeMs + (hasJumped ? -60_000 : 60_000),
      });
    });
  }),
  fc.constant(operate('write as a former leader', (store, epoch) => store.pods.removePod(epoch - 1, 'pod-1'))),
  fc.option(merchantText).map((text) =>
    operate(`set the merchant config ${text}`, async (store) => {
      const { kind, current } = await setMerchantConfig(store, 'acme', text);
      return { kind, version: current.version, text: current.text };
    }),
  ),
];

const disturbances = [
  fc.constantFrom(35_000, 70_000, 105_000).map(
    (ms) =>
      new Disturb(`let ${ms / 1000} s pass`, async (model, real) => {
        await real.harness.advance(ms);
        model.advance(ms);
      }),
  ),
  fc.constant(new Disturb('flush the scripts', (_model, real) => real.flushScripts())),
  fc.tuple(call, chain).map(([callSid, names]) => new AllocateWhileCut(callSid, names)),
];

/** Random sequences of all operations of the store, with time, flushed scripts and cut connections among them. */
export const storeCommands = fc.commands(
  [
    ...callCommands,
    ...callCommands,
    reassertCommands,
    reassertCommands,
    ...podCommands,
    ...poolCommands,
    ...disturbances,
  ],
  { maxCommands: 60, size: 'max' },
);
