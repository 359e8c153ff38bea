import { startKubeApiserver } from './targets/kube-apiserver';
import { describeApiConformance } from './testing/api-conformance';
import { READER, READER_RULES } from './testing/conformance-context';

describeApiConformance('kube-apiserver', () => startKubeApiserver({ users: [{ name: READER, rules: READER_RULES }] }));
