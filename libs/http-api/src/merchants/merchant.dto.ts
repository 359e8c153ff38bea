import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ListPage, WholeList } from '../inputs/list-page.dto';

class ProblemBody {
  @ApiProperty({ example: 'fallback[0]', description: 'Where it is; empty for the text as a whole.' })
  path!: string;

  @ApiProperty({ example: 'names no tier: "silver"', description: 'What is wrong; it reads on after the path.' })
  message!: string;
}

class MerchantConfigBody {
  @ApiPropertyOptional({
    example: 'gold',
    description: 'Where the chain of this merchant starts: a tier, or `dedicated` for the whole default chain.',
  })
  tier?: string;

  @ApiPropertyOptional({
    example: 'acme',
    description: "Name of the merchant's own pool, tried first; its pods are those of `merchant:<pool>`.",
  })
  pool?: string;

  @ApiPropertyOptional({
    type: [String],
    example: ['standard'],
    description: 'The tiers after the pool, in place of the default chain. An empty list means no other tier at all.',
  })
  fallback?: readonly string[];
}

/** What may be written: the same fields; any other one is refused. */
export class MerchantConfigChange extends MerchantConfigBody {}

class MalformedTextBody {
  @ApiProperty({ example: '{"tier": gold}', description: 'What the store holds.' })
  text!: string;

  @ApiProperty({ type: [ProblemBody], example: [{ path: '', message: 'is not valid JSON' }] })
  problems!: readonly ProblemBody[];
}

export class MerchantBody {
  @ApiProperty({ example: 'acme-retail' })
  merchant_id!: string;

  @ApiProperty({
    type: MerchantConfigBody,
    nullable: true,
    description: 'null where the stored text cannot be read; such a merchant is served by the default chain.',
  })
  config!: MerchantConfigBody | null;

  @ApiProperty({
    type: [String],
    example: ['merchant:acme', 'standard'],
    description: 'The pools that calls of this merchant try now, in order.',
  })
  effective_chain!: readonly string[];

  @ApiPropertyOptional({
    type: MalformedTextBody,
    description: 'Only where the stored text, written by hand, cannot be read.',
  })
  malformed?: MalformedTextBody;
}

export class MerchantDetail extends MerchantBody {
  @ApiProperty({ type: 'integer', example: 3, description: 'Rises with every change of this merchant.' })
  version!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    example: '2026-01-01T00:00:00.000Z',
    description: 'When this version was stored; null: it was written by hand.',
  })
  updated_at!: string | null;

  @ApiProperty({ example: '"3-5f2c6a1be0d94c77"', description: 'For `If-Match`; the same as the header `ETag`.' })
  etag!: string;
}

export class MerchantVersionBody {
  @ApiProperty({ type: 'integer', example: 2 })
  version!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    example: '2026-01-01T00:00:00.000Z',
    description: 'null: by hand.',
  })
  updated_at!: string | null;

  @ApiProperty({ example: false, description: 'Whether the config was removed; then `config` is null.' })
  removed!: boolean;

  @ApiProperty({ type: MerchantConfigBody, nullable: true, description: 'null where there is none that can be read.' })
  config!: MerchantConfigBody | null;

  @ApiPropertyOptional({ type: MalformedTextBody, description: 'Only where the text cannot be read.' })
  malformed?: MalformedTextBody;
}

export class MerchantVersions extends WholeList {
  @ApiProperty({ type: [MerchantVersionBody], description: 'Newest first, the last 20.' })
  items!: readonly MerchantVersionBody[];
}

export class MerchantExport extends WholeList {
  @ApiProperty({ format: 'date-time', example: '2026-01-01T00:00:00.000Z', description: 'When it was read.' })
  exported_at!: string;

  @ApiProperty({ type: [MerchantBody], description: 'Every merchant that has a config, by its name.' })
  items!: readonly MerchantBody[];
}

export class MerchantState {
  @ApiProperty({ type: MerchantConfigBody, nullable: true, description: 'null for none that can be read.' })
  config!: MerchantConfigBody | null;

  @ApiProperty({ type: [String], example: ['merchant:acme', 'standard'] })
  effective_chain!: readonly string[];
}

export class MerchantDryRun {
  @ApiProperty({ example: true, description: 'Always true; a config with mistakes is INVALID_MERCHANT_CONFIG.' })
  valid!: boolean;

  @ApiProperty({ example: 'acme-retail' })
  merchant_id!: string;

  @ApiProperty({ type: 'integer', example: 3, description: 'The version that the change would replace; 0: none.' })
  current_version!: number;

  @ApiProperty({ type: MerchantState })
  before!: MerchantState;

  @ApiProperty({ type: MerchantState })
  after!: MerchantState;
}

export class MerchantList extends ListPage {
  @ApiProperty({ type: [MerchantBody] })
  items!: MerchantBody[];
}

export class MerchantRemoved {
  @ApiProperty({ example: true, description: 'Always true.' })
  success!: boolean;

  @ApiProperty({ example: 'acme-retail' })
  merchant_id!: string;
}
