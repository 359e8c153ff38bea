import type { PipeTransform } from '@nestjs/common';
import { parseJsonObject } from '../json-body';
import { compileValidator, type Validator } from './compile-validator';

/**
 * Reads a JSON body into a checked DTO: `allocate(@Body(new BodyPipe(AllocateRequest)) request: AllocateRequest)`.
 * The rules are compiled when the decorator runs, so a mistake in them stops the start.
 */
export class BodyPipe<T extends object> implements PipeTransform<unknown, T> {
  private readonly validate: Validator<T>;

  constructor(Dto: new () => T) {
    this.validate = compileValidator(Dto);
  }

  /** @throws ApiError INVALID_BODY or INVALID_FIELD */
  transform(raw: unknown): T {
    return this.validate(parseJsonObject(raw));
  }
}

/** The same for path parameters and queries, which come as objects: `@Param(new FieldsPipe(PodPath)) { pod_name }`. */
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
