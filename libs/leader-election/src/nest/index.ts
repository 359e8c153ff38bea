export { LEADERSHIP, LeaderElectionModule } from './leader-election.module';
