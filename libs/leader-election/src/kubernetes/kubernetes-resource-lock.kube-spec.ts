import { startProxiedKubeApiserver } from '@smart-router/kubernetes-simulator';
import { describeKubernetesLease, LEASE_USERS } from '../testing/kubernetes-lease-behaviour';

describeKubernetesLease('kube-apiserver', () => startProxiedKubeApiserver({ users: LEASE_USERS }));
