import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';

export class PoolStatusBody {
  @ApiProperty({ enum: ['exclusive', 'shared'], example: 'shared' })
  type!: string;

  @ApiProperty({ type: 'integer', example: 4, description: 'Pods of the pool, busy and draining ones included.' })
  assigned!: number;

  @ApiProperty({ type: 'integer', example: 3, description: 'Pods that can take a call now.' })
  available!: number;

  @ApiProperty({ type: 'integer', example: 5, description: 'Live calls on pods of the pool.' })
  active_calls!: number;

  @ApiProperty({ type: 'integer', example: 12, description: 'Calls that all pods of the pool together can hold.' })
  capacity!: number;

  @ApiProperty({ type: 'integer', example: 4, description: 'How many pods the tier config wants here.' })
  target!: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Pods that drain.' })
  draining!: number;

  @ApiPropertyOptional({ type: 'integer', example: 3, description: 'Live calls per pod; only for a shared pool.' })
  max_concurrent?: number;
}

export class LeaderBody {
  @ApiProperty({ example: 'smart-router-0' })
  identity!: string;

  @ApiProperty({
    type: 'integer',
    example: 7,
    description: 'Rises with every change of leadership; the store refuses older writers.',
  })
  epoch!: number;

  @ApiProperty({
    format: 'date-time',
    example: '2026-01-01T00:00:00.000Z',
    description: 'Since when it leads, ISO 8601.',
  })
  since!: string;
}

class StoreBody {
  @ApiProperty({ enum: ['redis', 'memory'], example: 'redis' })
  kind!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.4,
    description: 'One round trip in ms, rounded to hundredths; null without answer.',
  })
  latency_ms!: number | null;
}

@ApiExtraModels(PoolStatusBody)
export class StatusResponse {
  @ApiProperty({
    enum: ['up', 'down'],
    example: 'up',
    description: '`down` where the store cannot be reached; what only the store knows is then null.',
  })
  status!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(PoolStatusBody) },
    nullable: true,
    description: 'By name of the pool: a tier, or `merchant:<pool>` for a dedicated one. null where the store is down.',
    example: {
      standard: { type: 'exclusive', assigned: 3, available: 2, active_calls: 1, capacity: 3, target: 3, draining: 0 },
    },
  })
  pools!: Record<string, PoolStatusBody> | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: 1,
    description: 'Live calls of the whole fleet. null where the store is down.',
  })
  active_calls!: number | null;

  @ApiProperty({
    type: [String],
    example: ['standard, where calls without a merchant start, has no pods'],
    description:
      'What is wrong: too few or too many pods in a pool, none where calls start, nobody leads (`NO_LEADER`), or Redis is unfit ' +
      '(`STORE_REFUSES_WRITES`, `WRONG_STORE`).',
  })
  warnings!: string[];

  @ApiProperty({
    example: true,
    description:
      'Whether the very process that answered leads, which alone writes pool membership; calls are served by all. With ' +
      'several replicas it differs from answer to answer, and is never true where the leader is another app: ' +
      '`leader` says who leads.',
  })
  is_leader!: boolean;

  @ApiProperty({
    type: LeaderBody,
    nullable: true,
    description: 'Who leads; null where nobody does, or the store is down.',
  })
  leader!: LeaderBody | null;

  @ApiProperty({
    type: 'integer',
    example: 3,
    description: 'Version of the tier config that is in force in this process.',
  })
  tier_config_version!: number;

  @ApiProperty({ type: StoreBody })
  store!: StoreBody;
}
