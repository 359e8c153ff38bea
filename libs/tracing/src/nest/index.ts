export { TRACER, TracingModule } from './tracing.module';
