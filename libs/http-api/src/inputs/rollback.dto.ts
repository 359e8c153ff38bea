import { ApiProperty } from '@nestjs/swagger';
import { compileValidator, type JsonObject } from '@smart-router/http';
import type { ExpectedState } from '@smart-router/tier-config';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { expectedStateOf, ExpectedVersionField } from './expected-state';

export class RollbackRequest {
  @ApiProperty({ type: 'integer', minimum: 0, example: 2, description: 'The version whose content is to come back.' })
  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt()
  to_version!: number;

  @ExpectedVersionField()
  @IsOptional()
  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt()
  version?: number;
}

const checkRollback = compileValidator(RollbackRequest, { strict: true });

/** @throws ApiError INVALID_FIELD */
export function rollbackOf(
  request: FastifyRequest,
  body: JsonObject,
  isDryRun: boolean,
): { readonly toVersion: number; readonly expected: ExpectedState } {
  const { to_version, version } = checkRollback(body);
  return { toVersion: to_version, expected: expectedStateOf(request, version, isDryRun) };
}
