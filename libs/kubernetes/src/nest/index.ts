export { KUBERNETES, KUBERNETES_COMPONENT, KubernetesModule } from './kubernetes.module';
