import { ApiProperty } from '@nestjs/swagger';
import { ListPage } from '../inputs/list-page.dto';
import { PoolField } from '../inputs/pool-field';

export class ChainAttempt {
  @ApiProperty({ example: 'standard', description: 'A tier, or `merchant:<pool>`.' })
  pool!: string;

  @ApiProperty({
    enum: ['granted', 'no_pods', 'full', 'wrong_type'],
    example: 'granted',
    description:
      'What the pool answered. `no_pods`: it has none that can take a call. `full`: every pod has as many calls as ' +
      'it may. `wrong_type`: the pool is being changed between exclusive and shared.',
  })
  outcome!: string;
}

export class CallSummary {
  @ApiProperty({ example: 'CA123abc' })
  call_sid!: string;

  @ApiProperty({ example: 'voice-agent-2' })
  pod_name!: string;

  @ApiProperty({ example: 'pool:standard', description: 'The pool that the pod was taken from.' })
  source_pool!: string;

  @PoolField('The same pool by its name')
  pool!: string;

  @ApiProperty({ example: 'acme', description: 'Empty where there is no merchant.' })
  merchant_id!: string;

  @ApiProperty({ type: String, nullable: true, example: 'twilio', description: 'Who asked, where it was told.' })
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
