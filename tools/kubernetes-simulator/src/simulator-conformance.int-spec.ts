import { startKubernetesSimulator } from './kubernetes-simulator';
import { describeApiConformance } from './testing/api-conformance';
import { READER, READER_RULES } from './testing/conformance-context';

describeApiConformance('the simulator', () =>
  startKubernetesSimulator({ users: [{ name: READER, rules: READER_RULES }], endsGracePeriods: false }),
);
