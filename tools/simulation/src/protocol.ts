import type { StorePorts } from './simulated-process';

/** The protocol by which processes recover a store, as it is or with a part of it left out. */
export interface Protocol {
  readonly settlesOutcomes: boolean;
  /** What the processes use of the store. */
  store(ports: StorePorts): StorePorts;
}

/** All that callers of a simulation act for. */
const EVERYBODY = ['twilio', 'api', 'exotel', 'plivo'];

const asItIs = (ports: StorePorts): StorePorts => ports;

/**
 * Protocols with one fault each. The simulation must find every one of them.
 */
export const PROTOCOLS = {
  'as it is': { settlesOutcomes: true, store: asItIs },
  /** Each process replays in its own time: a conflict is final, whoever may still replay an end. */
  'no order among processes': {
    settlesOutcomes: true,
    store: ({ calls, recovery }) => ({
      calls,
      recovery: {
        ...recovery,
        checkGeneration: async (report) => {
          const view = await recovery.checkGeneration({ ...report, phase: 'everything', liveMembers: [] });
          return { ...view, isHeld: false, areEndsIn: true };
        },
        // A grant says nothing about those before it.
        reassertCall: (command) => recovery.reassertCall({ ...command, grant: { ...command.grant, number: 1 } }),
      },
    }),
  },
  'grants are replayed before all ends are in': {
    settlesOutcomes: true,
    store: ({ calls, recovery }) => ({
      calls,
      recovery: {
        ...recovery,
        checkGeneration: async (report) => ({ ...(await recovery.checkGeneration(report)), areEndsIn: true }),
      },
    }),
  },
  'a process reports before it has replayed': {
    settlesOutcomes: true,
    store: ({ calls, recovery }) => ({
      calls,
      recovery: {
        ...recovery,
        checkGeneration: (report) => recovery.checkGeneration({ ...report, phase: 'everything' }),
      },
    }),
  },
  'late commands take effect': {
    settlesOutcomes: true,
    store: ({ calls, recovery }) => ({
      recovery,
      calls: {
        ...calls,
        allocate: (command) => calls.allocate({ ...command, limit: { notAfterMs: Infinity } }),
        release: (callSid) => calls.release(callSid),
      },
    }),
  },
  'anybody may end a call': {
    settlesOutcomes: true,
    store: ({ calls, recovery }) => ({
      calls: { ...calls, endCall: (command) => calls.endCall({ ...command, owners: EVERYBODY }) },
      recovery: { ...recovery, reassertEnd: (command) => recovery.reassertEnd({ ...command, owners: EVERYBODY }) },
    }),
  },
  'an end that another asked for is repeated on any call': {
    settlesOutcomes: true,
    store: ({ calls, recovery }) => ({
      calls,
      recovery: { ...recovery, reassertEnd: (command) => recovery.reassertEnd({ ...command, owners: EVERYBODY }) },
    }),
  },
  'unanswered requests are forgotten': { settlesOutcomes: false, store: asItIs },
  'a repeated release ends whatever the call holds': {
    settlesOutcomes: true,
    store: ({ calls, recovery }) => ({
      calls,
      recovery: {
        ...recovery,
        reassertRelease: (command) => recovery.reassertRelease({ ...command, upToNumber: Number.MAX_SAFE_INTEGER / 2 }),
      },
    }),
  },
} as const satisfies Readonly<Record<string, Protocol>>;

export type ProtocolName = keyof typeof PROTOCOLS;
