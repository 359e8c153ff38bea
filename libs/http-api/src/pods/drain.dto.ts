import { ApiProperty } from '@nestjs/swagger';
import { PodNameField } from '../inputs/identifier-fields';

export class DrainRequest {
  @PodNameField()
  pod_name!: string;
}

export class DrainResponse {
  @ApiProperty({ example: true, description: 'Always true.' })
  success!: boolean;

  @ApiProperty({ example: 'voice-agent-2' })
  pod_name!: string;

  @ApiProperty({ example: false, description: 'Whether the pod has calls; they go on either way.' })
  has_active_call!: boolean;

  @ApiProperty({ example: 'pod drained', description: 'What happened, in words.' })
  message!: string;
}
