import { waitFor } from '@smart-router/testbed';
import { startKubernetesSimulator } from './kubernetes-simulator';
import { startKubeApiserver } from './targets/kube-apiserver';
import type { KubernetesTarget, TargetNamespace } from './targets/kubernetes-target';
import { Kubectl } from './testing/kubectl';

const TARGETS: readonly (readonly [name: string, start: () => Promise<KubernetesTarget>])[] = [
  ['the simulator', () => startKubernetesSimulator()],
  ['kube-apiserver', () => startKubeApiserver()],
];

const manifest = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'applied', labels },
    spec: { containers: [{ name: 'agent', image: 'voice-agent:1' }] },
  });

describe.each(TARGETS)('kubectl on %s', (_name, start) => {
  let target: KubernetesTarget;
  let namespace: TargetNamespace;
  let kubectl: Kubectl;

  beforeAll(async () => {
    target = await start();
  }, 180_000);

  beforeEach(async () => {
    namespace = await target.createNamespace();
    kubectl = await Kubectl.open(target.kubeconfig(), namespace.name);
  });

  afterEach(() => kubectl.close());
  afterAll(() => target.stop(), 60_000);

  it('gets pods as a table', async () => {
    await namespace.pods.createReady('voice-agent-0');

    const [header, row] = (await kubectl.output(['get', 'pods'])).split('\n');

    expect(header?.split(/\s+/)).toEqual(expect.arrayContaining(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE']));
    expect(row?.split(/\s+/).slice(0, 3)).toEqual(['voice-agent-0', expect.stringMatching(/^\d\/1$/), 'Running']);
  });

  it('gets single fields', async () => {
    await namespace.pods.createReady('voice-agent-0', { podIp: '10.1.2.3' });

    expect(await kubectl.output(['get', 'pod', 'voice-agent-0', '-o', 'jsonpath={.status.podIP}'])).toBe('10.1.2.3');
  });

  it('describes a pod', async () => {
    await namespace.pods.createReady('voice-agent-0', { labels: { app: 'voice-agent' } });

    const text = await kubectl.output(['describe', 'pod', 'voice-agent-0']);

    expect(text).toMatch(/Name:\s+voice-agent-0/);
    expect(text).toMatch(/Labels:\s+app=voice-agent/);
    expect(text).toMatch(/Ready\s+True/);
  });

  it('says that a pod is not found in the words of the server', async () => {
    const { code, stderr } = await kubectl.run(['get', 'pod', 'nobody']);

    expect(code).toBe(1);
    expect(stderr).toContain('Error from server (NotFound): pods "nobody" not found');
  });

  it('applies a manifest: created, unchanged, configured', async () => {
    const apply = async (labels: Readonly<Record<string, string>>): Promise<string> =>
      (await kubectl.output(['apply', '-f', '-'], manifest(labels))).trim();

    expect(await apply({ app: 'a' })).toBe('pod/applied created');
    expect(await apply({ app: 'a' })).toBe('pod/applied unchanged');
    expect(await apply({ app: 'b', more: 'yes' })).toBe('pod/applied configured');
    expect((await namespace.pods.get('applied')).metadata.labels).toEqual({ app: 'b', more: 'yes' });
  });

  it('refuses a manifest with a field that does not exist', async () => {
    const wrong = manifest({}).replace('"containers"', '"continers"');

    const { code, stderr } = await kubectl.run(['create', '-f', '-'], wrong);

    expect(code).toBe(1);
    expect(stderr).toContain('unknown field');
  });

  it('labels and annotates', async () => {
    await namespace.pods.createReady('voice-agent-0');

    await kubectl.output(['label', 'pod', 'voice-agent-0', 'app=voice-agent']);
    await kubectl.output(['annotate', 'pod', 'voice-agent-0', 'controller.kubernetes.io/pod-deletion-cost=5']);

    const { labels, annotations } = (await namespace.pods.get('voice-agent-0')).metadata;
    expect(labels).toEqual({ app: 'voice-agent' });
    expect(annotations).toEqual({ 'controller.kubernetes.io/pod-deletion-cost': '5' });
  });

  it('waits for a condition', async () => {
    await namespace.pods.create('voice-agent-0');
    const waiting = kubectl.output(['wait', '--for=condition=Ready', 'pod/voice-agent-0', '--timeout=60s']);

    await namespace.pods.start('voice-agent-0');

    expect(await waiting).toBe('pod/voice-agent-0 condition met\n');
  }, 90_000);

  it('watches', async () => {
    await namespace.pods.createReady('voice-agent-0');
    const lines = kubectl.follow(['get', 'pods', '--watch', '-o', 'name']);
    await waitFor(() => lines.includes('pod/voice-agent-0'), { timeoutMs: 20_000, description: 'the first pod' });

    await namespace.pods.createReady('voice-agent-1');

    await waitFor(() => lines.includes('pod/voice-agent-1'), { timeoutMs: 20_000, description: 'the second pod' });
  }, 60_000);

  it('deletes by label and waits until the pods are gone', async () => {
    for (const name of ['voice-agent-0', 'voice-agent-1']) await namespace.pods.create(name, { labels: { app: 'a' } });

    const text = await kubectl.output(['delete', 'pods', '-l', 'app=a', '--force', '--grace-period=0']);

    expect(text.match(/force deleted/g)).toHaveLength(2);
    expect(await namespace.pods.list()).toEqual([]);
  });

  it('shows who holds a lease', async () => {
    await namespace.leases.create('smart-router-leader', { holderIdentity: 'worker-a', leaseDurationSeconds: 15 });

    expect(await kubectl.output(['get', 'leases'])).toMatch(/smart-router-leader\s+worker-a/);
  });

  it('lists the resources of the server', async () => {
    const names = await kubectl.output(['api-resources', '-o', 'name']);

    expect(names.split('\n')).toEqual(expect.arrayContaining(['pods', 'leases.coordination.k8s.io', 'namespaces']));
  });
});
