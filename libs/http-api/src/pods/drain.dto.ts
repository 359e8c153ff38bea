import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { PodNameField } from '../inputs/identifier-fields';
import { DRAIN_TTL, DRAIN_TTL_RULE } from './drain-ttl';

export class DrainRequest {
  @PodNameField()
  pod_name!: string;

  @ApiPropertyOptional({
    oneOf: [
      { type: 'integer', minimum: 1, maximum: 2_592_000 },
      { type: 'string', pattern: DRAIN_TTL.source },
    ],
    example: '15m',
    description:
      'When the drain ends by itself: after so many seconds, after a duration (`15m`, up to `30d`), or not before it is ' +
      'taken back (`none`). Left out: after `DRAINING_TTL`.',
  })
  @IsOptional()
  @Matches(DRAIN_TTL, { message: DRAIN_TTL_RULE })
  ttl?: string;
}

export class UndrainRequest {
  @PodNameField()
  pod_name!: string;
}

export class DrainResponse {
  @ApiProperty({ example: true, description: 'Always true.' })
  success!: boolean;

  @ApiProperty({ example: 'voice-agent-2' })
  pod_name!: string;

  @ApiProperty({ example: false, description: 'Whether the pod has calls; they continue either way.' })
  has_active_call!: boolean;

  @ApiProperty({ example: 'pod drained', description: 'What happened, in words.' })
  message!: string;
}
