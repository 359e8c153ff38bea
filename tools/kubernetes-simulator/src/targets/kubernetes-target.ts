import type { AccessRule } from '../api/access';
import type { FakeLeases } from '../fakes/fake-leases';
import type { FakePods } from '../fakes/fake-pods';
import type { Faults } from '../http/faults';
import type { RecordedRequest } from '../http/request-log';
import type { KubernetesApi } from './kubernetes-api';

/** A user of the cluster, for tests of permissions. */
export interface TargetUser {
  readonly name: string;
  readonly rules: readonly AccessRule[];
}

/** A place of its own for one test. */
export interface TargetNamespace {
  readonly name: string;
  readonly pods: FakePods;
  readonly leases: FakeLeases;
}

/** A Kubernetes API server that a test may do everything to: the simulator, or a real one. */
export interface KubernetesTarget {
  readonly kind: 'simulator' | 'kube-apiserver';
  /** No slash at the end. */
  readonly url: string;
  /** With all permissions, past all planned faults. */
  readonly api: KubernetesApi;
  /** The namespace of `pods`, `leases` and the kubeconfig. */
  readonly namespace: string;
  readonly pods: FakePods;
  readonly leases: FakeLeases;
  /** What no request can make a server do; `null` for a real one without a proxy. */
  readonly faults: Faults | null;
  /** JSON. @param user default: one with all permissions. @throws Error where there is no such user */
  kubeconfig(user?: string): string;
  /** A new and empty namespace. */
  createNamespace(): Promise<TargetNamespace>;
  /** What the user may do from now on. @throws Error where there is no such user */
  setRules(user: string, rules: readonly AccessRule[]): Promise<void>;
  /** Forgets the history: watches and pages that started before get 410. On a real server this restarts it. */
  compact(): Promise<void>;
  /** All connections break and new ones are refused; the state stays. */
  stopServing(): Promise<void>;
  /** On the same URL, with the same state. */
  startServing(): Promise<void>;
  /** Ends it for good; safe to repeat. */
  stop(): Promise<void>;
}

/** One whose clients can be made to meet faults, and whose requests can be looked at. */
export interface FaultyTarget extends KubernetesTarget {
  readonly faults: Faults;
  /** The last requests that came over the network, oldest first. */
  readonly requests: readonly RecordedRequest[];
  forgetRequests(): void;
}
