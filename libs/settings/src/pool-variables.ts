import * as kinds from './kinds';
import { optional, withDefault } from './variable';

export const pools = {
  TIER_CONFIG: optional(kinds.jsonObject, {
    desc: 'Tiers for the first start; afterwards the stored config wins',
    example: '{"gold":10,"standard":20}',
  }),
  TIER_CONFIG_REFRESH_INTERVAL: withDefault(kinds.shortDuration, '30s', {
    desc: 'How often the stored tier config is read again',
    example: '30s',
  }),
  POD_SOURCE: withDefault(kinds.oneOf('static', 'kubernetes'), 'static', {
    desc: 'Where the list of pods comes from: these settings, or a Kubernetes cluster',
    example: 'kubernetes',
  }),
  STATIC_PODS: optional(kinds.podNames, {
    desc: 'Names of the pods; `voice-agent-0` to `voice-agent-34` with the in-memory store, as many as the built-in tiers want',
    example: 'voice-agent-0,voice-agent-1',
  }),
  STATIC_PODS_FILE: optional(kinds.anyText, {
    desc: 'File with one pod name a line, read again when it changes',
    example: '/etc/smart-router/pods',
  }),
  LEADER_ELECTION: optional(kinds.oneOf('kubernetes', 'redis', 'none'), {
    desc: 'How the one replica that writes pool membership is found: by a Lease of Kubernetes, in Redis, or not at all (this process leads); if unset `kubernetes` where `POD_SOURCE` is that and there is a Redis, otherwise `none`',
    example: 'redis',
  }),
  LEADER_ELECTION_ENABLED: optional(kinds.bool, {
    desc: 'Older form of `LEADER_ELECTION`: `false` is `none`, `true` leaves it as it would be; the two must not contradict each other',
    example: 'true',
  }),
  LEADER_ELECTION_LEASE_NAME: withDefault(kinds.objectName, 'smart-router-leader', {
    desc: 'Name of the Lease in Kubernetes',
    example: 'smart-router-leader',
  }),
  LEADER_ELECTION_NAMESPACE: optional(kinds.namespace, {
    desc: 'Namespace of the Lease; that of the voice agents if unset',
    example: 'voice-system',
  }),
  LEADER_ELECTION_LEASE_DURATION: withDefault(kinds.wholeSeconds, '15s', {
    desc: 'Others take leadership over from a leader that they did not see renew it for this time',
    example: '15s',
  }),
  LEADER_ELECTION_RENEW_DEADLINE: withDefault(kinds.duration, '10s', {
    desc: 'A leader that could not renew for this time stops leading',
    example: '10s',
  }),
  LEADER_ELECTION_RETRY_PERIOD: withDefault(kinds.duration, '2s', {
    desc: 'Time between two attempts to take or renew leadership; those who do not lead wait up to 2.2 times as long',
    example: '2s',
  }),
  LEADER_ELECTION_IDENTITY: optional(kinds.anyText, {
    desc: 'How this process calls itself as leader; host name and process id if unset',
    example: 'smart-router-0',
  }),
  CLEANUP_INTERVAL: withDefault(kinds.duration, '30s', {
    desc: 'How often leases that ran out are ended',
    example: '30s',
  }),
  MASS_EXPIRY_HOLD: withDefault(kinds.duration, '2m', {
    desc: 'How long calls are kept whose lease ran out by a clock of Redis that may have jumped. Longer than two heartbeats; where none are sent, as long as calls usually last',
    example: '2m',
  }),
  RECONCILE_INTERVAL: withDefault(kinds.duration, '60s', {
    desc: 'How often pods and store are compared',
    example: '60s',
  }),
};

export const kubernetes = {
  NAMESPACE: withDefault(kinds.namespace, 'voice-system', {
    desc: 'Kubernetes namespace of the voice agents',
    example: 'voice-system',
  }),
  POD_LABEL_SELECTOR: withDefault(kinds.labelSelector, 'app=voice-agent', {
    desc: 'Which pods of the namespace are voice agents',
    example: 'app=voice-agent,track!=canary',
  }),
  AGENT_CONTAINER: optional(kinds.objectName, {
    desc: "The container of a voice agent's pod that has the calls: where it is restarted, they have ended; the first one if unset",
    example: 'voice-agent',
  }),
  POD_DELETION_COST: withDefault(kinds.bool, 'false', {
    desc: 'Whether the leader writes to an annotation of each pod how many calls it has, so that a ReplicaSet which is scaled down ends idle pods first',
    example: 'true',
  }),
  KUBECONFIG: optional(kinds.anyText, {
    desc: 'Path of a kubeconfig file, whose current context is used; without it the service account of the pod is',
    example: '/home/me/.kube/config',
  }),
  KUBERNETES_SERVICE_HOST: optional(kinds.anyText, {
    desc: 'Address of the Kubernetes API, set by Kubernetes in every pod',
    example: '10.96.0.1',
  }),
  KUBERNETES_SERVICE_PORT: withDefault(kinds.port, '443', {
    desc: 'Port of the Kubernetes API, set by Kubernetes in every pod',
    example: '443',
  }),
};
