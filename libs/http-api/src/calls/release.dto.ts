import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CallSidField } from '../inputs/identifier-fields';

export class ReleaseRequest {
  @CallSidField()
  call_sid!: string;

  @ApiPropertyOptional({
    type: String,
    description: 'Why the call ended, in words of the client; not looked at.',
    example: 'completed',
  })
  reason?: unknown;
}

export class ReleaseResponse {
  @ApiProperty({ example: true, description: 'Always true.' })
  success!: boolean;

  @ApiProperty({ example: 'voice-agent-2', description: 'The pod that the call held.' })
  pod_name!: string;

  @ApiProperty({
    example: 'pool:standard',
    description: 'The pool where the pod belongs now: `pool:<tier>` or `merchant:<pool>`.',
  })
  released_to_pool!: string;

  @ApiProperty({ example: false, description: 'Whether the pod drains, so that it is not offered again for now.' })
  was_draining!: boolean;
}
