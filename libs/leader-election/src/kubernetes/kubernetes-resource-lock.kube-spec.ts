import { startFrontedKubeApiserver } from '@smart-router/kubernetes-simulator';
import { describeKubernetesLease, LEASE_USERS } from '../testing/kubernetes-lease-behaviour';

describeKubernetesLease('kube-apiserver', () => startFrontedKubeApiserver({ users: LEASE_USERS }));
