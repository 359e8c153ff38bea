import { ApiProperty } from '@nestjs/swagger';
import { ListPage } from '../inputs/list-page.dto';
import { PoolField } from '../inputs/pool-field';
import { ChainAttempt } from './chain-attempt.dto';

export class CallSummary {
  @ApiProperty({ example: 'CA123abc' })
  call_sid!: string;

  @ApiProperty({ enum: ['active'], example: 'active', description: 'The call holds its pod.' })
  status!: string;

  @ApiProperty({ example: 'voice-agent-2' })
  pod_name!: string;

  @ApiProperty({ example: 'pool:standard', description: 'The pool that the pod was taken from.' })
  source_pool!: string;

  @PoolField('The same pool by its name')
  pool!: string;

  @ApiProperty({ example: 'acme', description: 'Empty where there is no merchant.' })
  merchant_id!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'twilio',
    description: 'Who asked, where the request said so.',
  })
  provider!: string | null;

  @ApiProperty({
    type: 'integer',
    example: 1767225600,
    description: 'When the call got its pod, Unix time in seconds.',
  })
  allocated_at!: number;

  @ApiProperty({
    format: 'date-time',
    example: '2026-01-02T00:00:00.000Z',
    description: 'When the lease runs out unless renewed, ISO 8601.',
  })
  expires_at!: string;
}

export class CallDetail extends CallSummary {
  @ApiProperty({
    type: [ChainAttempt],
    description: 'The decision behind the allocation: the chain of pools as far as it was tried, in order.',
    example: [
      { pool: 'gold', outcome: 'full' },
      { pool: 'standard', outcome: 'granted' },
    ],
  })
  chain!: ChainAttempt[];
}

export class CallList extends ListPage {
  @ApiProperty({ type: [CallSummary] })
  items!: CallSummary[];

  @ApiProperty({ type: [CallSummary], description: 'The same as `items`, by its older name.' })
  calls!: CallSummary[];
}

export class HeartbeatResponse {
  @ApiProperty({ example: true, description: 'Always true.' })
  success!: boolean;

  @ApiProperty({ example: 'CA123abc' })
  call_sid!: string;

  @ApiProperty({ example: 'voice-agent-2' })
  pod_name!: string;

  @ApiProperty({
    format: 'date-time',
    example: '2026-01-02T00:00:00.000Z',
    description: 'When the lease runs out now, ISO 8601.',
  })
  expires_at!: string;
}
