import { containersOf, type Container, type PodSpec, type PodTemplate } from './kubernetes-object';

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const SECCOMP = ['RuntimeDefault', 'Localhost'];

/**
 * What of a pod the profile `restricted` of the Pod Security Standards refuses, each as a sentence.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function restrictedProblems({ owner, spec }: PodTemplate): string[] {
  const problems = [
    ...podProblems(spec),
    ...containersOf(spec).flatMap((container) => containerProblems(spec, container)),
  ];
  return problems.map((problem) => `${owner}: ${problem}`);
}

function podProblems({ hostNetwork, hostPID, hostIPC, volumes = [] }: PodSpec): string[] {
  const host = hostNetwork || hostPID || hostIPC ? ['uses a namespace of the machine'] : [];
  const kinds = volumes.flatMap(({ name, ...kind }) => Object.keys(kind).map((key) => ({ name, key })));
  const refused = kinds.filter(({ key }) => !VOLUMES.includes(key));
  return [...host, ...refused.map(({ name, key }) => `volume ${name} is a ${key}`)];
}

function containerProblems(pod: PodSpec, { name, ports = [], securityContext: own = {} }: Container): string[] {
  const merged = { ...pod.securityContext, ...own };
  const { add = [], drop = [] } = own.capabilities ?? {};
  const rules: readonly (readonly [isBroken: boolean, text: string])[] = [
    [merged.runAsNonRoot !== true, 'may run as root'],
    [merged.runAsUser === 0, 'runs as root'],
    [!SECCOMP.includes(merged.seccompProfile?.type ?? ''), 'has no seccomp profile'],
    [own.privileged === true, 'is privileged'],
    [own.allowPrivilegeEscalation !== false, 'may escalate its privileges'],
    [!drop.includes('ALL'), 'keeps capabilities'],
    [add.some((capability) => capability !== 'NET_BIND_SERVICE'), 'adds capabilities'],
    [ports.some(({ hostPort }) => hostPort !== undefined), 'takes a port of the machine'],
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, text]) => `container ${name} ${text}`);
}
