import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IDENTIFIER, IDENTIFIER_RULE, type PodStatus, POOL_NAME_PART } from '@smart-router/routing-store';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { PageQuery } from './page-query.dto';

const POOL_NAME = new RegExp(POOL_NAME_PART.source.replace('^', '^(merchant:)?'));

const POD_STATUSES: readonly PodStatus[] = ['available', 'allocated', 'draining'];

function TierFilter(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, pattern: POOL_NAME.source, description, example: 'standard' }),
    IsOptional(),
    Matches(POOL_NAME, { message: 'must be a tier or merchant:<pool>' }),
  );
}

function MerchantFilter(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, pattern: IDENTIFIER.source, description }),
    IsOptional(),
    Matches(IDENTIFIER, { message: `must be ${IDENTIFIER_RULE}` }),
  );
}

export class PodListQuery extends PageQuery {
  @TierFilter('Only pods of this pool: a tier, or `merchant:<pool>`.')
  pool?: string;

  @TierFilter('The same as `pool`, by its older name.')
  tier?: string;

  @ApiPropertyOptional({ enum: POD_STATUSES, description: 'Only pods of this status.' })
  @IsOptional()
  @IsIn(POD_STATUSES)
  status?: PodStatus;
}

export class CallListQuery extends PageQuery {
  @TierFilter('Only calls whose pod was taken from this pool: a tier, or `merchant:<pool>`.')
  pool?: string;

  @TierFilter('The same as `pool`, by its older name.')
  tier?: string;

  @MerchantFilter('Only calls of this merchant.')
  merchant_id?: string;

  @MerchantFilter('The same as `merchant_id`, by its older name.')
  merchant?: string;
}
