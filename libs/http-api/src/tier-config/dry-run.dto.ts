import { ApiProperty } from '@nestjs/swagger';

export class PoolMove {
  @ApiProperty({ example: 'gold', description: 'A tier, or `merchant:<pool>`.' })
  pool!: string;

  @ApiProperty({ type: 'integer', example: 10 })
  target_before!: number;

  @ApiProperty({ type: 'integer', example: 8 })
  target_after!: number;

  @ApiProperty({ type: 'integer', example: 10, description: 'Pods that the pool has now.' })
  assigned!: number;

  @ApiProperty({
    type: 'integer',
    example: 2,
    description: 'Pods beyond the new target; idle ones may move to other pools.',
  })
  surplus!: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Pods missing to the new target.' })
  deficit!: number;
}

export class PoolTypeChange {
  @ApiProperty({ example: 'basic' })
  pool!: string;

  @ApiProperty({ enum: ['exclusive', 'shared'], example: 'exclusive' })
  from!: string;

  @ApiProperty({ enum: ['exclusive', 'shared'], example: 'shared' })
  to!: string;

  @ApiProperty({ type: 'integer', example: 1, description: 'Live calls, which continue through the change.' })
  active_calls!: number;
}

export class PoolRemoval {
  @ApiProperty({ example: 'overflow' })
  pool!: string;

  @ApiProperty({ type: 'integer', example: 3, description: 'Pods that will move to other pools.' })
  assigned!: number;

  @ApiProperty({ type: 'integer', example: 1, description: 'Live calls, which continue until they end.' })
  active_calls!: number;
}

export class DryRunResponse {
  @ApiProperty({
    example: true,
    description: 'Always true; a config with mistakes is answered with INVALID_TIER_CONFIG.',
  })
  valid!: boolean;

  @ApiProperty({ type: 'integer', example: 3, description: 'The version that the change would replace.' })
  current_version!: number;

  @ApiProperty({ type: [PoolMove], description: 'What the change means for each pool.' })
  moves!: PoolMove[];

  @ApiProperty({ type: [PoolTypeChange], description: 'Pools that change between exclusive and shared.' })
  type_changes!: PoolTypeChange[];

  @ApiProperty({ type: [PoolRemoval], description: 'Pools that the new config does not name any more.' })
  removed_pools!: PoolRemoval[];
}
