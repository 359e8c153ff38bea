import { simulatedCluster } from './kubernetes-fleet';
import { describeVoiceAgents } from './voice-agents-behaviour';

describeVoiceAgents('a simulated Kubernetes', simulatedCluster);
