import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ListPage } from '../inputs/list-page.dto';
import { ProblemBody } from '../inputs/problem.dto';

export class MerchantConfigBody {
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

export class MalformedTextBody {
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
