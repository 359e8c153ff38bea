import { ManualClock } from '@smart-router/scheduling/testing';
import { RecordingLogger } from '@smart-router/logging/testing';
import { InvalidStaticPodsError } from './pod-names';
import { StaticPodSource } from './static-pod-source';

function source(...names: string[]): StaticPodSource {
  return new StaticPodSource({
    names,
    file: null,
    filePollMs: 1_000,
    clock: new ManualClock(),
    logger: new RecordingLogger(),
    onRejected: () => undefined,
  });
}

describe('StaticPodSource without a file', () => {
  it('returns every name as a ready pod of one life', async () => {
    expect(await source('pod-1', 'pod-2').list()).toEqual([
      { podName: 'pod-1', incarnation: 'static', ready: true, terminating: false },
      { podName: 'pod-2', incarnation: 'static', ready: true, terminating: false },
    ]);
  });

  it('throws with all that cannot be used when names are invalid or doubled', () => {
    const build = () => source('pod-1', 'pod 2', 'pod-1', 'metadata');
    expect(build).toThrow(InvalidStaticPodsError);
    expect(build).toThrow('invalid static pods: not names of pods: "pod 2", "metadata"; named twice: "pod-1"');
  });

  it('has nothing to observe', async () => {
    await expect(source('pod-1').observe(() => undefined, new AbortController().signal)).resolves.toBeUndefined();
  });
});
