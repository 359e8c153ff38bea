import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startKubernetesSimulator } from './kubernetes-simulator';
import { FakeStatefulSet } from './fakes/fake-stateful-set';

// A simulator until Ctrl-C, for running the product without a cluster.

const USAGE = `usage: kubernetes-simulator [options]
  --port 8001               default: a free one
  --namespace voice-agents  default: default
  --pods 5                  ready voice agents at the start, as of a StatefulSet; default 5
  --name voice-agent        of the StatefulSet: pods are called voice-agent-0 ...; the label app has this value
  --kubeconfig-out file     default: the kubeconfig is printed
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    namespace: { type: 'string', default: 'default' },
    pods: { type: 'string', default: '5' },
    name: { type: 'string', default: 'voice-agent' },
    'kubeconfig-out': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const simulator = await startKubernetesSimulator({
  port: Number(values.port),
  namespace: values.namespace,
});
simulator.statefulSet = await FakeStatefulSet.start(simulator.pods, {
  name: values.name,
  replicas: Number(values.pods),
});
const file = values['kubeconfig-out'];
if (file === undefined) process.stdout.write(simulator.kubeconfig());
else await writeFile(file, simulator.kubeconfig(), { mode: 0o600 });
process.stdout.write(`${JSON.stringify({ url: simulator.url, kubeconfig: file ?? null })}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.stop().then(() => process.exit(0)));
}
