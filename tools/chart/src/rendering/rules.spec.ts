import type { KubernetesObject, PodSpec } from './kubernetes-object';
import { objectProblems } from './object-rules';
import { restrictedProblems } from './pod-security';
import { referenceProblems } from './reference-rules';
import { merge, type Values } from './render';

const CONTAINER = {
  name: 'app',
  image: 'app:1',
  env: [{ name: 'LOG_LEVEL', value: 'info' }],
  ports: [{ name: 'http', containerPort: 8080 }],
  readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
  resources: { requests: { cpu: '100m', memory: '64Mi' } },
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  volumeMounts: [{ name: 'data' }],
};
const POD = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  volumes: [{ name: 'data', emptyDir: {} }],
  containers: [CONTAINER],
};
const object = (kind: string, spec: unknown, more: object = {}): KubernetesObject =>
  ({
    apiVersion: 'v1',
    kind,
    metadata: { name: 'app', namespace: 'voice', labels: { app: 'app' } },
    spec,
    ...more,
  }) as KubernetesObject;
const deployment = (pod: Values = POD, labels: object = { app: 'app' }): KubernetesObject =>
  object('Deployment', { selector: { matchLabels: { app: 'app' } }, template: { metadata: { labels }, spec: pod } });
const service = object('Service', { selector: { app: 'app' }, ports: [{ port: 80, targetPort: 'http' }] });
const withContainer = (over: Values): Values => ({ ...POD, containers: [merge(CONTAINER, over)] });

describe('the profile restricted', () => {
  const problemsOf = (spec: Values): string[] =>
    restrictedProblems({ owner: 'Pod app', labels: {}, annotations: {}, spec: spec as unknown as PodSpec });

  it('takes a pod that keeps all rules', () => {
    expect(problemsOf(POD)).toEqual([]);
  });

  it.each<[string, Values]>([
    ['may run as root', { ...POD, securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }],
    ['runs as root', withContainer({ securityContext: { runAsUser: 0 } })],
    ['has no seccomp profile', { ...POD, securityContext: { runAsNonRoot: true } }],
    ['is privileged', withContainer({ securityContext: { privileged: true } })],
    ['may escalate its privileges', withContainer({ securityContext: { allowPrivilegeEscalation: undefined } })],
    ['keeps capabilities', withContainer({ securityContext: { capabilities: { drop: ['NET_RAW'] } } })],
    ['adds capabilities', withContainer({ securityContext: { capabilities: { add: ['SYS_ADMIN'] } } })],
    ['takes a port of the machine', withContainer({ ports: [{ containerPort: 1, hostPort: 1 }] })],
    ['volume data is a hostPath', { ...POD, volumes: [{ name: 'data', hostPath: {} }] }],
    ['uses a namespace of the machine', { ...POD, hostNetwork: true }],
    ['container app may run as root', { ...POD, containers: [], initContainers: [CONTAINER], securityContext: {} }],
  ])('refuses a pod that %s', (problem, spec) => {
    expect(problemsOf(spec).join('\n')).toContain(problem);
  });
});

describe('the rules for objects', () => {
  it('take objects that keep them', () => {
    expect(objectProblems([deployment(), service])).toEqual([]);
  });

  it.each<[string, KubernetesObject[]]>([
    ['is there twice', [service, service]],
    ['has no valid name', [{ ...service, metadata: { name: 'App', namespace: 'voice' } }]],
    ['names no namespace', [{ ...service, metadata: { name: 'app' } }]],
    ['has the label app: 1', [{ ...service, metadata: { name: 'app', namespace: 'x', labels: { app: 1 as never } } }]],
    ['has the label a: "b c"', [deployment(POD, { a: 'b c' })]],
    ['has 8080 as data HTTP_PORT', [object('ConfigMap', undefined, { data: { HTTP_PORT: 8080 } })]],
    ['as stringData KEY', [object('Secret', undefined, { stringData: { KEY: null } })]],
    ['LOG_LEVEL is there twice', [deployment(withContainer({ env: [...CONTAINER.env, ...CONTAINER.env] }))]],
    ['has no text as PORT', [deployment(withContainer({ env: [{ name: 'PORT', value: 1 }] }))]],
    ['mounts other', [deployment(withContainer({ volumeMounts: [{ name: 'other' }] }))]],
    ['probes metrics', [deployment(withContainer({ livenessProbe: { httpGet: { port: 'metrics' } } }))]],
    ['has 64mb of memory', [deployment(withContainer({ resources: { limits: { memory: '64mb' } } }))]],
  ])('name what %s', (problem, objects) => {
    expect(objectProblems(objects).join('\n')).toContain(problem);
  });
});

describe('the rules for references', () => {
  it('take objects that find each other', () => {
    expect(referenceProblems([deployment(), service])).toEqual([]);
  });

  it.each<[string, KubernetesObject[]]>([
    ['Deployment app selects no pod', [deployment(POD, { app: 'other' })]],
    ['Service app selects no pod', [service]],
    ['Service app leads to http', [deployment(withContainer({ ports: [] })), service]],
    ['selects no pod', [deployment(), object('NetworkPolicy', { podSelector: { matchLabels: { app: 'x' } } })]],
    ['selects 0 Services', [deployment(), object('ServiceMonitor', { selector: { matchLabels: { app: 'app' } } })]],
    ['names Role app', [object('RoleBinding', undefined, { roleRef: { kind: 'Role', name: 'app' } })]],
    ['names Deployment x', [object('HorizontalPodAutoscaler', { scaleTargetRef: { kind: 'Deployment', name: 'x' } })]],
    [
      'leads to app:81',
      [deployment(), service, object('HTTPRoute', { rules: [{ backendRefs: [{ name: 'app', port: 81 }] }] })],
    ],
  ])('say that it %s', (problem, objects) => {
    expect(referenceProblems(objects).join('\n')).toContain(problem);
  });
});
