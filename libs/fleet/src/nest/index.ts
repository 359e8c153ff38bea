export { FleetModule, type LeadershipSource, type LeadershipView } from './fleet.module';
