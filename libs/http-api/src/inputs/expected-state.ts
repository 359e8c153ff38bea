import { ApiPropertyOptional } from '@nestjs/swagger';
import { compileValidator, conditionsOf } from '@smart-router/http';
import type { ExpectedState } from '@smart-router/tier-config';
import { IsInt, Max, Min } from 'class-validator';
import type { FastifyRequest } from 'fastify';

/** Describes the `version` of a body; {@link expectedStateOf} checks it. */
export function ExpectedVersionField(): PropertyDecorator {
  return ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    example: 3,
    description:
      'The version that is to be replaced: the current one. Only a dry run and a request with `If-Match` may leave it out.',
  });
}

class ExpectedVersion {
  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt()
  version!: number;
}

const checkVersion = compileValidator(ExpectedVersion);

/** What the headers of a request expect of the state that it changes. @throws ApiError INVALID_FIELD */
export function preconditionOf(request: FastifyRequest): Pick<ExpectedState, 'precondition'> {
  const conditions = conditionsOf(request);
  return conditions.areGiven ? { precondition: conditions } : {};
}

/**
 * The same with the `version` of the body, which may be left out where `If-Match` names the state, and in a dry run.
 * @throws ApiError INVALID_FIELD
 */
export function expectedStateOf(request: FastifyRequest, version: unknown, isDryRun: boolean): ExpectedState {
  const isOptional = isDryRun || conditionsOf(request).namesState;
  const isLeftOut = version === undefined || version === null;
  return {
    ...preconditionOf(request),
    ...(!(isOptional && isLeftOut) && { version: checkVersion({ version }).version }),
  };
}
