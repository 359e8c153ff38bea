import type { FakePods } from '../played/fake-pods';
import type { FakeStatefulSet } from '../played/fake-stateful-set';
import type { SimulatedFaults } from '../targets/simulated-faults';
import { count, faultOf, InvalidCommandError, matchOf, required } from './control-parameters';

/** What the commands work on. */
export interface Controlled {
  readonly faults: SimulatedFaults;
  readonly pods: FakePods;
  readonly statefulSet: FakeStatefulSet | null;
  compact(): Promise<void>;
  stopServing(): Promise<void>;
  startServing(): Promise<void>;
}

type Command = (controlled: Controlled, parameters: URLSearchParams) => unknown;

const WATCH_COMMANDS = {
  'watches/reset': ({ faults }, parameters) => faults.watches.reset(matchOf(parameters)),
  'watches/end': ({ faults }, parameters) => faults.watches.end(matchOf(parameters)),
  'watches/silence': ({ faults }, parameters) => faults.watches.silence(matchOf(parameters)),
  'watches/bookmark': ({ faults }, parameters) => faults.watches.bookmark(matchOf(parameters)),
  'watches/garbage-line': ({ faults }, parameters) => faults.watches.garbageLine(matchOf(parameters)),
  'watches/half-line': ({ faults }, parameters) => faults.watches.halfLine(matchOf(parameters)),
  'watches/unknown-type': ({ faults }, parameters) => faults.watches.unknownType(matchOf(parameters)),
  'watches/huge-object': ({ faults }, parameters) => faults.watches.hugeObject(matchOf(parameters)),
  'watches/expire': ({ faults }, parameters) =>
    faults.watches.expire(matchOf(parameters), { thenEnd: parameters.get('then_end') !== 'false' }),
} satisfies Readonly<Record<string, Command>>;

const POD_COMMANDS = {
  'pods/create': ({ pods }, parameters) => pods.createReady(required(parameters, 'name')),
  'pods/ready': ({ pods }, parameters) => pods.setReady(required(parameters, 'name'), true),
  'pods/not-ready': ({ pods }, parameters) => pods.setReady(required(parameters, 'name'), false),
  'pods/terminate': ({ pods }, parameters) =>
    pods.terminate(required(parameters, 'name'), count(parameters, 'grace_seconds', 30)),
  'pods/remove': ({ pods }, parameters) => pods.remove(required(parameters, 'name')),
  'pods/replace': ({ pods }, parameters) => pods.replace(required(parameters, 'name')),
  scale: ({ statefulSet }, parameters) => known(statefulSet).scale(count(parameters, 'replicas')),
  'rolling-restart': ({ statefulSet }) => known(statefulSet).rollingRestart(),
} satisfies Readonly<Record<string, Command>>;

const COMMANDS: Readonly<Record<string, Command>> = {
  'fail-next': ({ faults }, parameters) =>
    faults.next(matchOf(parameters), faultOf(parameters), count(parameters, 'times', 1)),
  'clear-faults': ({ faults }) => faults.clear(),
  compact: (controlled) => controlled.compact(),
  restart: (controlled, parameters) => restart(controlled, count(parameters, 'down_ms', 0)),
  ...WATCH_COMMANDS,
  ...POD_COMMANDS,
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** @throws InvalidCommandError, and what the command itself throws */
export async function runCommand(controlled: Controlled, name: string, parameters: URLSearchParams): Promise<void> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new InvalidCommandError(`unknown command, there are: ${COMMAND_NAMES.join(', ')}`);
  await command(controlled, parameters);
}

/** The answer to this very command is lost as well where it is not out before: so it begins a moment later. */
function restart(controlled: Controlled, downMs: number): void {
  const down = async (): Promise<void> => {
    await controlled.stopServing();
    setTimeout(() => void controlled.startServing(), downMs);
  };
  setImmediate(() => void down());
}

function known(statefulSet: FakeStatefulSet | null): FakeStatefulSet {
  if (!statefulSet) throw new InvalidCommandError('there is no StatefulSet; the command line starts one');
  return statefulSet;
}
