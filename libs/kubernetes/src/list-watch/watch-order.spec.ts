import fc from 'fast-check';
import { RecordingLogger } from '@smart-router/logging/testing';
import { ManualClock, settled } from '@smart-router/scheduling/testing';
import { PODS } from '../api/resource';
import { readSample, sampleList, sampleObject, type Sample } from '../testing/sample-objects';
import { ListWatch, type ListWatchPorts } from './list-watch';

interface Write {
  readonly type: 'ADDED' | 'DELETED';
  readonly object: Sample;
}

/** What is wrong with the stream at one place, once. */
type Fault = 'none' | 'twice' | 'late' | 'older' | 'broken';

const FIRST_VERSION = 100;
const NAMES = ['pod-1', 'pod-2', 'pod-3'];

/** A history of writes to a few names, as the server made it; a name that returns has another uid. */
function writesOf(history: readonly { name: string; remove: boolean }[]): Write[] {
  const lives = new Map<string, number>();
  const present = new Set<string>();
  return history.map(({ name, remove }, index) => {
    const goes = remove && present.has(name);
    if (!goes && !present.has(name)) lives.set(name, (lives.get(name) ?? 0) + 1);
    if (goes) present.delete(name);
    else present.add(name);
    const version = FIRST_VERSION + 1 + index;
    const object = sampleObject(name, version, `${name}-${lives.get(name)}`, `color-${version}`);
    return { type: goes ? 'DELETED' : 'ADDED', object };
  });
}

/** An API server that makes these writes one by one, and whose streams have faults. */
class FaultyServer {
  private written = 0;
  private onWrite: () => void = () => undefined;

  constructor(
    private readonly writes: readonly Write[],
    private readonly faults: Fault[],
  ) {}

  get isDone(): boolean {
    return this.written === this.writes.length;
  }

  write(): void {
    this.written++;
    this.onWrite();
  }

  list(): { metadata: { resourceVersion: string }; items: readonly Sample[] } {
    const objects = new Map<string, Sample>();
    for (const { type, object } of this.writes.slice(0, this.written)) {
      if (type === 'DELETED') objects.delete(object.metadata.name);
      else objects.set(object.metadata.name, object);
    }
    return sampleList(FIRST_VERSION + this.written, [...objects.values()]);
  }

  async *watch(version: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    yield new Uint8Array();
    for (let next = version - FIRST_VERSION; !signal.aborted;) {
      if (next >= this.written) {
        await new Promise<void>((resolve) => {
          this.onWrite = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
        continue;
      }
      const fault = this.faults[next] ?? 'none';
      this.faults[next] = 'none';
      if (fault === 'broken') throw new Error('ECONNRESET');
      for (const index of orderOf(fault, next))
        if (index >= 0 && index < this.written) yield lineOf(this.writes[index]);
      next += 1;
    }
  }
}

function orderOf(fault: Fault, next: number): number[] {
  if (fault === 'twice') return [next, next];
  if (fault === 'late') return [next + 1, next];
  return fault === 'older' ? [next, next - 1] : [next];
}

function lineOf(write: Write | undefined): Uint8Array {
  return Buffer.from(`${JSON.stringify(write)}\n`);
}

const scenario = fc.record({
  history: fc.array(fc.record({ name: fc.constantFrom(...NAMES), remove: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  }),
  faults: fc.array(fc.constantFrom<Fault>('none', 'twice', 'late', 'older', 'broken'), { maxLength: 12 }),
  /** Before which writes a list is asked for. */
  lists: fc.uniqueArray(fc.nat(11), { maxLength: 3 }),
  /** Writes that reach the watch together. */
  burst: fc.integer({ min: 1, max: 4 }),
});

it('ends with what the server has, however events are doubled, reordered or cut off, and whenever lists are asked for', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ history, faults, lists, burst }) => {
      const server = new FaultyServer(writesOf(history), [...faults]);
      const clock = new ManualClock();
      const stopping = new AbortController();
      const api: ListWatchPorts['api'] = {
        call: async () => server.list(),
        stream: ({ query }, signal) => server.watch(Number(query?.['resourceVersion']), signal),
      };
      const observer = { heard: ignore, ended: ignore, restarted: ignore, malformed: ignore };
      const watch = new ListWatch<string>(
        { api, clock, random: () => 0.5, logger: new RecordingLogger(), observer },
        { resource: PODS, namespace: 'voice', labelSelector: null, read: readSample },
      );
      const running = watch.run(ignore, stopping.signal);
      await settled();
      for (let index = 0; !server.isDone; index++) {
        if (lists.includes(index)) await watch.list(stopping.signal, { isFresh: true });
        server.write();
        if (index % burst === 0) await settled();
      }
      await clock.advance(60_000);
      const expected = server.list().items.map(readSample);
      expect((await watch.list(stopping.signal)).toSorted()).toEqual(expected.toSorted());
      stopping.abort();
      await running;
    }),
    { numRuns: 500 },
  );
});

function ignore(): void {}
