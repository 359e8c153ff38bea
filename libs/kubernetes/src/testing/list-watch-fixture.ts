import { RecordingLogger } from '@smart-router/logging/testing';
import { ManualClock, settled } from '@smart-router/scheduling/testing';
import { KubernetesApi } from '../api/kubernetes-api';
import { PODS } from '../api/resource';
import { ListWatch } from '../list-watch/list-watch';
import { FakeTransport } from './fake-transport';
import { readSample, sampleList, type sampleObject } from './sample-objects';

export const SILENCE_MS = 75_000;

/** A list-watch of sample objects whose server a test plays. */
export class ListWatchFixture {
  readonly clock = new ManualClock();
  readonly transport = new FakeTransport();
  readonly logger = new RecordingLogger();
  readonly stopping = new AbortController();
  readonly changes: string[] = [];
  readonly observed: string[] = [];
  random = 0.5;
  readonly watch: ListWatch<string>;

  constructor() {
    const { clock, logger, transport } = this;
    const api = new KubernetesApi({ transport, clock });
    const observer = {
      heard: () => undefined,
      ended: () => void this.observed.push('ended'),
      restarted: (reason: string) => void this.observed.push(reason),
      malformed: () => void this.observed.push('unreadable'),
    };
    this.watch = new ListWatch(
      { api, clock, logger, observer, random: () => this.random },
      { resource: PODS, namespace: 'voice', labelSelector: 'app=x', read: readSample },
      { silenceMs: SILENCE_MS, watchMs: 300_000, maxLineBytes: 1000 },
    );
  }

  async run(): Promise<{ running: Promise<void> }> {
    const running = this.watch.run((change) => {
      this.changes.push(change.kind === 'any' ? 'any' : `${change.name} ${change.kind}`);
    }, this.stopping.signal);
    await settled();
    return { running };
  }

  /** Runs, answers the first list, and accepts the first watch. */
  async watching(version = 10, ...objects: ReturnType<typeof sampleObject>[]): Promise<{ running: Promise<void> }> {
    const run = await this.run();
    await this.reply(sampleList(version, objects));
    this.transport.last.answer();
    await settled();
    return run;
  }

  async reply(body: unknown, status = 200, retryAfter?: string): Promise<void> {
    this.transport.reply(body, status, retryAfter);
    await settled();
  }

  async event(type: string, object: unknown): Promise<void> {
    this.transport.last.body.event(type, object);
    await settled();
  }

  /** What was asked so far, as `list`, `list <continue>` or `watch <version>`. */
  get asked(): string[] {
    return this.transport.calls.map(({ query }) =>
      query.has('watch') ? `watch ${query.get('resourceVersion')}` : `list ${query.get('continue') ?? ''}`.trim(),
    );
  }

  get knows(): string[] {
    return ['pod-1', 'pod-2', 'pod-3'].flatMap((name) => this.watch.get(name) ?? []);
  }
}
