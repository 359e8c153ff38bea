import { Module } from '@nestjs/common';
import { activeTracer } from '../active-tracer';

/** The tracer of this process, of type `Tracer | null`: `null` where traces are off. */
export const TRACER = Symbol('TRACER');

@Module({ providers: [{ provide: TRACER, useFactory: activeTracer }], exports: [TRACER] })
export class TracingModule {}
