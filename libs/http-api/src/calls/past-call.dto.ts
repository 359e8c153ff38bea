import { ApiProperty } from '@nestjs/swagger';
import { END_REASONS, REFUSAL_REASONS } from '@smart-router/routing-store';
import { ChainAttempt } from './chain-attempt.dto';

/** What is remembered of a call that is over. */
class PastCall {
  @ApiProperty({ example: 'CA123abc' })
  call_sid!: string;

  @ApiProperty({ example: 'acme', description: 'Empty where there is no merchant.' })
  merchant_id!: string;

  @ApiProperty({ type: String, nullable: true, example: 'twilio', description: 'The provider that the request named.' })
  provider!: string | null;

  @ApiProperty({ type: [ChainAttempt], description: 'The chain of pools as far as it was tried, in order.' })
  chain!: ChainAttempt[];
}

export class EndedCallDetail extends PastCall {
  @ApiProperty({ enum: ['ended'], example: 'ended', description: 'The call held a pod, and has ended.' })
  status!: string;

  @ApiProperty({ example: 'voice-agent-2', description: 'The pod that the call held.' })
  pod_name!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'pool:standard',
    description: 'The pool that the pod was taken from; `null` where the record of the call was deleted by hand.',
  })
  source_pool!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'standard', description: 'The same pool by its name.' })
  pool!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: 1767225600,
    description: 'When the call got its pod, Unix time in seconds; `null` as `pool` is.',
  })
  allocated_at!: number | null;

  @ApiProperty({ format: 'date-time', example: '2026-01-01T00:05:00.000Z', description: 'When it ended, ISO 8601.' })
  ended_at!: string;

  @ApiProperty({
    enum: END_REASONS,
    example: 'released',
    description:
      'How it ended. `released`: by `/release`. `provider_ended`: its provider reported the end, or hung up since its ' +
      'webhook was not answered. `pod_removed`, `pod_restarted`: its pod is gone, or began anew. `lease_expired`: no ' +
      'heartbeat came in time. `not_answered`: the allocation could not be answered and nobody came back for it. ' +
      '`key_deleted`: its key or the lease of its pod was deleted by hand. `superseded`: Redis lost data, and a replica ' +
      'has shown that the pod or the call was given otherwise since.',
  })
  reason!: string;
}

export class RefusedCallDetail extends PastCall {
  @ApiProperty({ enum: ['refused'], example: 'refused', description: 'The call got no pod.' })
  status!: string;

  @ApiProperty({
    format: 'date-time',
    example: '2026-01-01T00:00:00.000Z',
    description: 'When, the last time, ISO 8601.',
  })
  refused_at!: string;

  @ApiProperty({
    enum: REFUSAL_REASONS,
    example: 'full',
    description: 'Of the outcomes in `chain` the one that came nearest to a pod.',
  })
  reason!: string;
}
