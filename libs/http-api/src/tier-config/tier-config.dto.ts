import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

const EXAMPLE_TIERS = {
  gold: { type: 'exclusive', target: 10 },
  standard: { type: 'exclusive', target: 20 },
  basic: { type: 'shared', target: 2, max_concurrent: 3 },
};

export class TierBody {
  @ApiProperty({ enum: ['exclusive', 'shared'], example: 'shared', description: 'One call per pod, or several.' })
  type!: string;

  @ApiProperty({ type: 'integer', minimum: 0, example: 2, description: 'How many pods the tier should have.' })
  target!: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    example: 3,
    description: 'Live calls per pod of a shared tier; default 5.',
  })
  max_concurrent?: number;
}

@ApiExtraModels(TierBody)
export class TierConfigBody {
  @ApiProperty({
    type: 'integer',
    example: 3,
    description: 'Rises with every change. In a request: the version that is to be replaced.',
  })
  version!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(TierBody) },
    description: 'The tiers by name, in order.',
    example: EXAMPLE_TIERS,
  })
  tiers!: Readonly<Record<string, TierBody>>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(TierBody) },
    description: "Sizes of merchants' own pools, by name without `merchant:`.",
    example: { acme: { type: 'exclusive', target: 2 } },
  })
  dedicated_pools?: Readonly<Record<string, TierBody>>;

  @ApiProperty({
    type: [String],
    example: ['gold', 'standard', 'basic'],
    description:
      'The tiers that a call tries, in order. In a request: default all tiers in the order written, exclusive ones before shared ones.',
  })
  default_chain!: readonly string[];

  @ApiProperty({
    example: 'standard',
    description: 'Where calls start whose merchant has no tier. In a request: default `standard`, else the first.',
  })
  default_tier!: string;
}

export class TierConfigResponse extends TierConfigBody {
  @ApiProperty({ type: String, nullable: true, example: '2026-01-01T00:00:00.000Z', description: 'null: not known.' })
  updated_at!: string | null;
}

export class TierConfigRevisionBody {
  @ApiProperty({ type: 'integer', example: 2 })
  version!: number;

  @ApiProperty({
    type: TierConfigResponse,
    nullable: true,
    description: 'null where the text cannot be read any more.',
  })
  config!: TierConfigResponse | null;
}

export class TierConfigVersions {
  @ApiProperty({
    type: [TierConfigRevisionBody],
    description: 'Configs that were stored, newest first, the last 50.',
  })
  items!: readonly TierConfigRevisionBody[];
}

export class RollbackTarget {
  @ApiProperty({ type: 'integer', minimum: 0, example: 2, description: 'The version whose content is to come back.' })
  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt()
  to_version!: number;
}

export class RollbackRequest extends RollbackTarget {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    example: 3,
    description: 'The version that is to be replaced: the current one.',
  })
  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt()
  version!: number;
}
