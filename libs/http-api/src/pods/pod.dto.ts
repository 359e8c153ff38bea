import { ApiProperty } from '@nestjs/swagger';

export class PodDetail {
  @ApiProperty({ example: 'voice-agent-2' })
  pod_name!: string;

  @ApiProperty({ example: 'standard', description: 'The pool where the pod belongs: a tier, or `merchant:<pool>`.' })
  tier!: string;

  @ApiProperty({ example: false, description: 'Whether the pod gets no new calls because it drains.' })
  is_draining!: boolean;

  @ApiProperty({ example: true, description: 'Whether the pod has a live call.' })
  has_active_lease!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'CA123abc',
    description: 'The call that holds the lease; on a shared pod the latest.',
  })
  lease_call_sid!: string | null;

  @ApiProperty({
    enum: ['available', 'allocated', 'draining'],
    example: 'allocated',
    description: '`draining` wins over `allocated` (at least one live call), which wins over `available`.',
  })
  status!: string;

  @ApiProperty({ type: [String], example: ['CA123abc'], description: 'All live calls, oldest first.' })
  calls!: readonly string[];

  @ApiProperty({
    example: '6f1c0b1e-5d5c-4a54-9d0b-0d9b5c6f2a11',
    description: 'One life of the pod name; on Kubernetes the UID of the pod.',
  })
  incarnation!: string;

  @ApiProperty({ example: true, description: 'A pod that is not ready keeps its calls and gets no new ones.' })
  ready!: boolean;
}

export class PodList {
  @ApiProperty({ type: [PodDetail] })
  pods!: PodDetail[];

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Give it back as `cursor`; null at the end.',
  })
  next_cursor!: string | null;
}
