import { startKubeApiserver } from '@smart-router/kubernetes-simulator';
import { describeVoiceAgents } from './voice-agents-behaviour';

describeVoiceAgents('kube-apiserver', startKubeApiserver);
