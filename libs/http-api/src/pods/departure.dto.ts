import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

/** At most a minute, so that whoever waits in vain asks again and finds another replica where this one is gone. */
const WAIT = /^(60|[0-5]?\d)s$/;

export class DepartureQuery {
  @ApiPropertyOptional({
    type: String,
    pattern: WAIT.source,
    example: '30s',
    description: 'How long to wait for the last call to end; not at all where it is left out.',
  })
  @IsOptional()
  @Matches(WAIT, { message: 'must be a duration of whole seconds up to 60s, such as 30s' })
  wait?: string;
}

export class DepartureResponse {
  @ApiProperty({ example: 'voice-agent-2' })
  pod_name!: string;

  @ApiProperty({ example: true, description: 'Whether the pod gets no new calls and all of its calls have ended.' })
  drained!: boolean;

  @ApiProperty({ example: true, description: 'Whether the pod gets no new calls because it drains.' })
  is_draining!: boolean;

  @ApiProperty({ example: 0, description: 'Live calls.' })
  active_calls!: number;
}
