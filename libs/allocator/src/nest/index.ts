export { AllocatorModule } from './allocator.module';
