// A process of its own: load of any kind, on command of the bench.
import { serveParent } from '../processes/child-commands';
import { runClosedLoop, runRepeated } from './closed-loop';
import type { LoadCommand, LoadResult } from './load-command';
import { runBurst, runOpenLoop } from './open-loop';

serveParent((command: LoadCommand): Promise<LoadResult> => {
  switch (command.kind) {
    case 'closed-loop':
      return runClosedLoop(command);
    case 'open-loop':
      return runOpenLoop(command);
    case 'burst':
      return runBurst(command);
    case 'repeated':
      return runRepeated(command);
  }
});
