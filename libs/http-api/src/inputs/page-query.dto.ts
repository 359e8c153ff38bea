import { ApiPropertyOptional } from '@nestjs/swagger';
import type { PageRequest, RoutingStore } from '@smart-router/routing-store';
import { IsOptional, IsString, Matches } from 'class-validator';
import { decodeCursor, type ListName } from './page-cursor';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

/** 1 to 500, as text of a query. */
const LIMIT = /^([1-9]\d?|[1-4]\d\d|500)$/;

/** Which part of a list is asked for. */
export class PageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
    description: 'How many entries at most. A page may be shorter before the end of the list.',
    example: DEFAULT_LIMIT,
  })
  @IsOptional()
  @Matches(LIMIT, { message: `must be a whole number from 1 to ${MAX_LIMIT}` })
  limit?: string;

  @ApiPropertyOptional({ type: String, description: 'The `cursor` of the page before.' })
  @IsOptional()
  @IsString()
  cursor?: string;
}

/** @throws ApiError INVALID_FIELD where the cursor is none of this list's */
export function pageRequest(list: ListName, { limit, cursor }: PageQuery, kind: RoutingStore['kind']): PageRequest {
  return {
    limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
    ...(cursor !== undefined && { cursor: decodeCursor(list, cursor, kind) }),
  };
}
