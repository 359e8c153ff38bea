import { containersOf, find, type KubernetesObject, nameOf, podOf, podTemplates } from '../rendering/kubernetes-object';
import { restrictedProblems } from '../rendering/pod-security';
import { merge, renderWith, type Values } from '../rendering/render';

// What people complain about most in the charts of others, second part: which objects they get.

/** Everything that there is, with workers of their own. */
const EVERYTHING: Values = {
  mode: 'separate',
  secrets: { redisUrl: { existingSecret: '' } },
  redis: { enabled: true },
  router: { enabled: true },
  agents: { enabled: true, image: { repository: 'voice-agent', tag: '1' } },
  networkPolicy: { enabled: true },
  metrics: { force: true, serviceMonitor: { enabled: true }, dashboards: { enabled: true } },
  alerts: { enabled: true },
};
const everything = (over: Values = {}): KubernetesObject[] => renderWith(merge(EVERYTHING, over));

const kindsOf = (objects: readonly KubernetesObject[], kind: string): KubernetesObject[] =>
  objects.filter((object) => object.kind === kind);

/** The parts of `values` that stand for a component. */
const COMPONENTS = ['api', 'worker', 'router', 'agents', 'redis'] as const;
const forAll = (value: unknown): Values => Object.fromEntries(COMPONENTS.map((name) => [name, value]));

describe('8: disruption budgets', () => {
  it('let one pod go at a time', () => {
    const budgets = kindsOf(everything(), 'PodDisruptionBudget');
    expect(budgets.map(nameOf)).toHaveLength(4);
    expect(budgets.every(({ spec }) => spec?.['maxUnavailable'] === 1)).toBe(true);
  });

  it('are not there for a single pod, which one would hold for ever', () => {
    const single = { replicas: 1 };
    const objects = everything({ api: single, worker: single, router: single, agents: single });
    expect(kindsOf(objects, 'PodDisruptionBudget')).toEqual([]);
  });
});

describe('9: secrets', () => {
  it('may exist already, under any key, and are mounted as files', () => {
    const secrets = {
      redisUrl: { existingSecret: 'store', key: 'url' },
      apiKeys: { existingSecret: 'keys', key: 'all' },
      twilioAuthToken: { existingSecret: 'providers', key: 'twilio' },
    };
    const objects = renderWith({ secrets });
    const { spec } = podOf(objects, 'Deployment smart-router');
    const sources = (spec.volumes?.[0]?.['projected'] as { sources: { secret: object }[] }).sources;

    expect(kindsOf(objects, 'Secret')).toEqual([]);
    expect(sources.map(({ secret }) => secret)).toEqual([
      { name: 'keys', items: [{ key: 'all', path: 'API_KEYS' }] },
      { name: 'store', items: [{ key: 'url', path: 'REDIS_URL' }] },
      { name: 'providers', items: [{ key: 'twilio', path: 'TWILIO_AUTH_TOKEN' }] },
    ]);
    expect(spec.containers[0]?.env).toContainEqual({
      name: 'REDIS_URL_FILE',
      value: '/run/secrets/smart-router/REDIS_URL',
    });
  });

  it('are no keys and tokens for workers, which answer nobody', () => {
    const { spec } = podOf(renderWith({ mode: 'separate' }), 'Deployment smart-router-worker');
    const files = spec.containers[0]?.env?.filter(({ name }) => name.endsWith('_FILE')).map(({ name }) => name);
    expect(files).toEqual(['REDIS_URL_FILE']);
  });
});

describe('14, 15, 16: the security of pods', () => {
  it('is that of the profile restricted, with a root that cannot be written, in tests too', () => {
    const pods = podTemplates(everything());
    expect(pods.map(({ owner }) => owner)).toContain('Pod smart-router-doctor');
    expect(pods.flatMap(restrictedProblems)).toEqual([]);
    const containers = pods.flatMap(({ spec }) => containersOf(spec));
    expect(containers.every(({ securityContext }) => securityContext?.readOnlyRootFilesystem === true)).toBe(true);
  });

  it('leaves user and group to the cluster where they are null', () => {
    const own = { runAsUser: null, runAsGroup: null, fsGroup: null };
    const contexts = podTemplates(everything({ podSecurityContext: own })).map(({ spec }) => spec.securityContext);
    expect(new Set(contexts.map((context) => JSON.stringify(context)))).toEqual(
      new Set(['{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}}']),
    );
  });
});

it('17: every image has repository, tag, digest and pull secrets, and tests run the image of the product', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const pinned = { image: { repository: 'mirror.example.com/x', digest } };
  const parts = { router: pinned, agents: pinned, redis: pinned };
  const pods = podTemplates(everything({ ...parts, ...pinned, imagePullSecrets: [{ name: 'mirror' }] }));
  const images = pods.flatMap(({ spec }) => containersOf(spec).map(({ image }) => image));

  expect(images).toEqual(images.map(() => `mirror.example.com/x@${digest}`));
  expect(pods.map(({ spec }) => spec)).toEqual(
    pods.map(() => expect.objectContaining({ imagePullSecrets: [{ name: 'mirror' }] })),
  );
});

describe('18, 19: monitors', () => {
  const objects = everything({
    metrics: { serviceMonitor: { namespace: 'monitoring', labels: { release: 'prometheus' } } },
  });
  const monitors = [find(objects, 'ServiceMonitor smart-router'), find(objects, 'PodMonitor smart-router-worker')];

  it('read each pod once: the API through one Service, workers without one', () => {
    const selector = (monitors[0]?.spec?.['selector'] as { matchLabels: object }).matchLabels;
    const selected = kindsOf(objects, 'Service').filter(({ metadata }) =>
      expect.objectContaining(selector).asymmetricMatch(metadata.labels),
    );
    expect(selected.map(nameOf)).toEqual(['Service smart-router']);
    expect(kindsOf(renderWith(merge(EVERYTHING, { mode: 'combined' })), 'PodMonitor')).toEqual([]);
  });

  it('select pods of the release, wherever they are themselves', () => {
    expect(monitors.map(({ metadata }) => metadata.namespace)).toEqual(['monitoring', 'monitoring']);
    expect(monitors.map(({ spec }) => spec?.['namespaceSelector'])).toEqual([
      { matchNames: ['voice-system'] },
      { matchNames: ['voice-system'] },
    ]);
    expect(monitors.every(({ metadata }) => metadata.labels?.['release'] === 'prometheus')).toBe(true);
  });
});

describe('20: network policies', () => {
  const rulesOf = (objects: readonly KubernetesObject[], name: string, direction: 'ingress' | 'egress') =>
    (find(objects, `NetworkPolicy ${name}`).spec?.[direction] ?? []) as {
      ports: { port: number }[];
      from?: object[];
      to?: object[];
    }[];

  it('let Prometheus in and everything out, unless the values say otherwise', () => {
    const objects = everything();
    for (const name of ['smart-router', 'smart-router-worker']) {
      expect(rulesOf(objects, name, 'ingress')).toContainEqual({ ports: [{ port: 9090 }] });
      expect(find(objects, `NetworkPolicy ${name}`).spec?.['policyTypes']).toEqual(['Ingress']);
    }
  });

  it('let DNS, Redis and the API server out where connections are limited', () => {
    const redis = { secrets: { redisUrl: { existingSecret: 'redis' } }, redis: { enabled: false } };
    const objects = everything({ ...redis, networkPolicy: { egress: { enabled: true } } });
    const ports = (name: string) =>
      rulesOf(objects, name, 'egress').flatMap((rule) => rule.ports.map(({ port }) => port));
    expect(new Set(ports('smart-router-worker'))).toEqual(new Set([53, 6379, 26379, 443, 6443]));
    expect(new Set(ports('smart-router'))).toEqual(new Set([53, 6379, 26379]));
    expect(new Set(ports('nginx-router'))).toEqual(new Set([53, 8080, 8000]));
  });
});

it('23: all components take variables, spread, priority and the rest of what a pod has', () => {
  const extras = {
    extraEnv: [{ name: 'EXTRA', value: 'x' }],
    extraEnvFrom: [{ configMapRef: { name: 'more' } }],
    extraVolumes: [{ name: 'more', emptyDir: {} }],
    extraVolumeMounts: [{ name: 'more', mountPath: '/more' }],
    podAnnotations: { note: 'x' },
    podLabels: { note: 'x' },
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'voice' }],
    affinity: { nodeAffinity: {} },
    topologySpreadConstraints: [{ maxSkew: 2, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' }],
    priorityClassName: 'voice',
  };
  const pods = podTemplates(everything(forAll(extras))).filter(({ owner }) => !owner.startsWith('Pod '));

  expect(pods).toHaveLength(COMPONENTS.length);
  for (const { annotations, labels, spec } of pods) {
    const { nodeSelector, tolerations, affinity, priorityClassName } = extras;
    expect(spec).toMatchObject({ nodeSelector, tolerations, affinity, priorityClassName });
    expect(spec.topologySpreadConstraints).toEqual([
      expect.objectContaining({ topologyKey: 'rack', labelSelector: expect.anything() }),
    ]);
    expect([annotations['note'], labels['note']]).toEqual(['x', 'x']);
    expect(spec.volumes).toContainEqual(extras.extraVolumes[0]);
    expect(spec.containers[0]).toMatchObject({
      env: expect.arrayContaining(extras.extraEnv),
      envFrom: expect.arrayContaining(extras.extraEnvFrom),
      volumeMounts: expect.arrayContaining(extras.extraVolumeMounts),
    });
  }
});

it('24: objects of kinds that the cluster does not know are left out, unless they are forced', () => {
  const wanted = { metrics: { force: false }, httpRoute: { enabled: true, parentRefs: [{ name: 'public' }] } };
  const custom = (args: readonly string[], over: Values = {}) =>
    renderWith(merge(merge(EVERYTHING, wanted), over), { args })
      .filter(({ apiVersion }) => /monitoring.coreos|gateway/.test(apiVersion))
      .map(({ kind }) => kind)
      .toSorted();
  const all = ['HTTPRoute', 'PodMonitor', 'PrometheusRule', 'ServiceMonitor'];

  expect(custom([])).toEqual([]);
  expect(
    custom(['--api-versions', 'monitoring.coreos.com/v1', '--api-versions', 'gateway.networking.k8s.io/v1']),
  ).toEqual(all);
  expect(custom([], { metrics: { force: true }, httpRoute: { force: true } })).toEqual(all);
});
