import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { ExpectedVersionField } from '../inputs/expected-state';
import { WholeList } from '../inputs/list-page.dto';

const EXAMPLE_TIERS = {
  gold: { type: 'exclusive', target: 10 },
  standard: { type: 'exclusive', target: 20 },
  basic: { type: 'shared', target: 2, max_concurrent: 3 },
};

class TierBody {
  @ApiProperty({ enum: ['exclusive', 'shared'], example: 'shared', description: 'One call per pod, or several.' })
  type!: string;

  @ApiProperty({ type: 'integer', minimum: 0, example: 2, description: 'How many pods the tier should have.' })
  target!: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    example: 3,
    description: 'Live calls per pod of a shared tier; default 5.',
  })
  max_concurrent?: number;
}

/** A tier as somebody writes it. */
class TierChange {
  @ApiPropertyOptional({
    enum: ['exclusive', 'shared'],
    default: 'exclusive',
    example: 'shared',
    description: 'One call per pod, or several.',
  })
  type?: string;

  @ApiProperty({ type: 'integer', minimum: 0, example: 2, description: 'How many pods the tier should have.' })
  target!: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    default: 5,
    example: 3,
    description: 'Live calls per pod of a shared tier.',
  })
  max_concurrent?: number;
}

/** What may be written: an envelope; the flat shapes are for people. */
@ApiSchema({ description: 'Fields that are not listed are refused.' })
@ApiExtraModels(TierChange)
export class TierConfigChange {
  @ExpectedVersionField()
  version?: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(TierChange) },
    description: 'The tiers by name, in order.',
    example: EXAMPLE_TIERS,
  })
  tiers!: Readonly<Record<string, TierChange>>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(TierChange) },
    description: "Sizes of merchants' own pools, by name without `merchant:`.",
    example: { acme: { type: 'exclusive', target: 2 } },
  })
  dedicated_pools?: Readonly<Record<string, TierChange>>;

  @ApiPropertyOptional({
    type: [String],
    example: ['gold', 'standard', 'basic'],
    description:
      'The tiers that a call tries, in order. Default: all in the order written, exclusive ones before shared ones.',
  })
  default_chain?: readonly string[];

  @ApiPropertyOptional({
    example: 'standard',
    description:
      'Where calls start whose merchant has no tier. Default: `standard`, if there is such a tier, else the first.',
  })
  default_tier?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Ignored, so that an answer can be sent back.',
  })
  updated_at?: string | null;
}

@ApiExtraModels(TierBody)
export class TierConfigResponse {
  @ApiProperty({ type: 'integer', example: 3, description: 'Rises with every change.' })
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
    description: 'The tiers that a call tries, in order.',
  })
  default_chain!: readonly string[];

  @ApiProperty({
    example: 'standard',
    description: 'Where calls start whose merchant has no tier.',
  })
  default_tier!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    example: '2026-01-01T00:00:00.000Z',
    description: 'null: not known.',
  })
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

export class TierConfigVersions extends WholeList {
  @ApiProperty({
    type: [TierConfigRevisionBody],
    description: 'Configs that were stored, newest first, the last 50.',
  })
  items!: readonly TierConfigRevisionBody[];
}
