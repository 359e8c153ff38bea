import type { PipeTransform } from '@nestjs/common';
import { compileValidator, type Validator } from './compile-validator';

/**
 * Checks path parameters or a query: `@Param(new FieldsPipe(PodPath)) { pod_name }`. The rules are compiled when the
 * decorator runs, so a mistake in them stops the start.
 */
export class FieldsPipe<T extends object> implements PipeTransform<unknown, T> {
  private readonly validate: Validator<T>;

  constructor(Dto: new () => T) {
    this.validate = compileValidator(Dto);
  }

  /** @throws ApiError INVALID_FIELD */
  transform(fields: unknown): T {
    return this.validate(fields as Readonly<Record<string, unknown>>);
  }
}
