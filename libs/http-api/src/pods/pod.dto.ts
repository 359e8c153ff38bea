import { ApiProperty } from '@nestjs/swagger';
import { ListPage } from '../inputs/list-page.dto';
import { PoolField } from '../inputs/pool-field';

export class PodDetail {
  @ApiProperty({ example: 'voice-agent-2' })
  pod_name!: string;

  @PoolField('The pool where the pod belongs')
  pool!: string;

  @ApiProperty({ example: 'standard', description: 'The same as `pool`, by its older name.' })
  tier!: string;

  @ApiProperty({ example: false, description: 'Whether the pod gets no new calls because it drains.' })
  is_draining!: boolean;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description: 'When the drain began; `null` where the pod does not drain, or the drain was set by hand.',
  })
  draining_since!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description:
      'When the pod takes calls again by itself; `null` where it does not drain, or not before that is taken back.',
  })
  drain_ends_at!: string | null;

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

  @ApiProperty({ example: false, description: 'Kubernetes is ending the pod: its drain cannot be taken back.' })
  terminating!: boolean;
}

export class PodList extends ListPage {
  @ApiProperty({ type: [PodDetail] })
  items!: PodDetail[];

  @ApiProperty({ type: [PodDetail], description: 'The same as `items`, by its older name.' })
  pods!: PodDetail[];
}
